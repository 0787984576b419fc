using FsCheck;
using FsCheck.Fluent;
using SimLedger.Rules;
using SimLedger.Tests.Rules.BruteForce;
using static SimLedger.Tests.Rules.Properties.DrawnCases;

namespace SimLedger.Tests.Rules.Properties;

/// <summary>Paying early never costs days: with additions and maxima only, whatever cuts them, no entry brings the end of a running clock nearer.</summary>
public class GrowingClocks
{
    [Fact]
    public void Add_and_max_never_shorten_a_running_clock() =>
        Prop.ForAll(
            (from drawn in Cases
             let pack = Growing(drawn.Case.Pack)
             from entry in Gen.Elements<Entry?>([null, .. drawn.Case.Question.History.Where(IsAnExtension)])
             select (drawn, pack, entry)).ToArbitrary(),
            given =>
            {
                if (given.entry is not { } entry) return true;

                // What the line is told to be at the instant of one entry, without it and with it.
                var drawn = given.drawn.Case;
                var question = drawn.Question with { AsOf = InstantOf(drawn, entry) };
                var with = Ask(given.pack, question);
                var without = Ask(given.pack, question with { History = [.. question.History.Where(each => each != entry)] });

                return with.Entries.SelectMany(each => each.Changes).All(change => change.ShortenedDays is null) &&
                    without.Clocks.Where(clock => clock.Running && !IsTied(question.History, entry, drawn)).All(clock => EndsNoEarlier(with, clock));
            }).Check(Often);

    // The carrier's word may shorten, an activation decides on cohorts, and a void brings another entry back.
    private static bool IsAnExtension(Entry entry) => entry.Type is not (EntryType.CarrierStated or EntryType.Activated or EntryType.Voided);

    private static bool EndsNoEarlier(Standing standing, ClockState before) =>
        standing.Clocks.SingleOrDefault(clock => clock.Id == before.Id) is not { } after || after.EndsOn >= before.EndsOn;

    /// <summary>Entries of one instant that come after this one in the record would see another line.</summary>
    private static bool IsTied(IReadOnlyList<Entry> history, Entry entry, RandomCase drawn) =>
        history.Any(other => other != entry && InstantOf(drawn, other) == InstantOf(drawn, entry));

    private static RulePack Growing(RulePack pack) => pack with
    {
        Products = [.. pack.Products.Select(product => product with { Rules = [.. product.Rules.Select(Growing)] })],
    };

    // Automatic moves are nobody's change, and a clock held up by another falls when that one stops: both are taken out.
    private static RuleVersion Growing(RuleVersion version) => version with
    {
        Clocks =
        [
            .. version.Clocks.Select(clock => clock with
            {
                AutoExtend = null,
                NotBefore = null,
                ExtendedBy = [.. clock.ExtendedBy.Select((extension, i) => extension with { Combine = i % 2 == 0 ? Combine.Max : Combine.Add })],
            }),
        ],
    };
}
