using FsCheck;
using FsCheck.Fluent;
using NodaTime;
using SimLedger.Rules;
using SimLedger.Tests.Rules.BruteForce;
using static SimLedger.Tests.Rules.Properties.DrawnCases;

namespace SimLedger.Tests.Rules.Properties;

/// <summary>What people write may be wrong in any way: it gives findings or an answer, never an exception, and never keeps anybody waiting.</summary>
public class NothingThrows
{
    private static readonly LocalDate[] Dates =
    [
        LocalDate.MinIsoValue, LocalDate.MinIsoValue.PlusDays(1), new(1, 1, 1), new(2024, 2, 29), LocalDate.MaxIsoValue.PlusDays(-1), LocalDate.MaxIsoValue,
        new LocalDate(1900, 1, 1, CalendarSystem.Julian),
    ];

    private static readonly Instant[] Instants =
        [Instant.MinValue, Instant.FromUtc(-9998, 1, 1, 12, 0), Instant.FromUtc(2025, 6, 1, 0, 0), Instant.FromUtc(9999, 12, 31, 12, 0), Instant.MaxValue];

    private static readonly decimal?[] Amounts = [null, decimal.MinValue, -0.000001m, 0, 0.0000000000000000000000000001m, decimal.MaxValue];

    private static readonly int[] Numbers = [int.MinValue, -1, 0, 1, int.MaxValue];

    [Fact]
    public void Any_bytes_for_a_pack() =>
        Prop.ForAll(ArbMap.Default.GeneratorFor<byte[]>().ToArbitrary(), bytes => IsAnswered(bytes)).Check(Often);

    [Fact]
    public void A_pack_with_members_of_another_type_or_gone() =>
        Prop.ForAll(Cases.ToArbitrary(), given => IsAnswered(ExtremePacks.Broken(given.Case.PackJson, new Draw(given.Seed)))).Check(Often);

    [Fact]
    public void A_pack_with_bytes_knocked_over() =>
        Prop.ForAll(Cases.ToArbitrary(), given => IsAnswered(ExtremePacks.KnockedOver(given.Case.PackJson, new Draw(given.Seed)))).Check(Often);

    [Fact]
    public void A_pack_and_a_history_at_the_ends_of_all_ranges() =>
        Prop.ForAll(
            Cases.ToArbitrary(),
            given =>
            {
                var draw = new Draw(given.Seed);
                var pack = RandomCase.Read(ExtremePacks.AtTheEnds(given.Case.PackJson, draw)) ?? given.Case.Pack;
                var question = given.Case.Question with
                {
                    History = [.. given.Case.Question.History.Select(entry => draw.Chance(40) ? Extreme(entry, draw) : entry)],
                    AsOf = draw.Chance(40) ? draw.One(Instants) : given.Case.Question.AsOf,
                    ActivatedOn = draw.Chance(20) ? draw.One(Dates) : null,
                    MarginDays = draw.Chance(20) ? draw.One(Numbers) : 7,
                    PrepareDays = draw.Chance(20) ? draw.One(Numbers) : 7,
                };

                return Evaluator.Evaluate(pack, question).Entries.Count == question.History.Count;
            }).Check(Often);

    [Fact]
    public void A_product_that_the_pack_does_not_have() =>
        Prop.ForAll(
            Cases.ToArbitrary(),
            given => Ask(given.Case.Pack, given.Case.Question with { Product = "unheard-of" }).Flags.Contains(Flag.RuleUnknown)).Check(Often);

    private static Entry Extreme(Entry entry, Draw draw) => entry with
    {
        At = draw.One(
            EntryTime.On(draw.One(Dates)),
            EntryTime.At(draw.One(Instants)),
            EntryTime.At(new OffsetDateTime(draw.One(Dates).WithCalendar(CalendarSystem.Iso).At(LocalTime.MaxValue), draw.One(Offset.MinValue, Offset.MaxValue))),
            entry.At),
        Amount = draw.One(Amounts),
        BalanceAfter = draw.One(Amounts),
        EndsOn = draw.Chance(50) ? draw.One(Dates) : entry.EndsOn,
        Period = draw.Chance(70) ? new Term(draw.One(Numbers), draw.One(TermUnit.Hour, TermUnit.Day, TermUnit.Month, TermUnit.Year)) : entry.Period,
    };

    /// <summary>Either it is read, or something is found wrong with it.</summary>
    private static bool IsAnswered(byte[] bytes)
    {
        var reading = RulePackReader.Read(bytes, "drawn.json", new LocalDate(2026, 11, 21));
        return reading.Pack is null == reading.Findings.Any(finding => finding.Severity is Severity.Error);
    }
}
