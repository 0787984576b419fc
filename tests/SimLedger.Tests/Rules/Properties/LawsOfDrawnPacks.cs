using FsCheck;
using FsCheck.Fluent;
using SimLedger.Rules;
using static SimLedger.Tests.Rules.Properties.DrawnCases;
using Outcome = SimLedger.Rules.Outcome;

namespace SimLedger.Tests.Rules.Properties;

/// <summary>What <see cref="LawsOfTheEvaluator"/> says of a few rich packs, said of packs that nobody thought up.</summary>
public class LawsOfDrawnPacks
{
    // Goal: facts may arrive in any order. Method: keep one entry of each instant and shuffle; the same is told of the line and of each entry.
    [Fact]
    public void The_order_of_recording_never_matters() =>
        Prop.ForAll(
            (from drawn in Cases
             let facts = drawn.Case.Question.History.DistinctBy(entry => InstantOf(drawn.Case, entry)).ToArray()
             from shuffled in Gen.Shuffle(facts)
             select (drawn, facts, shuffled)).ToArbitrary(),
            given => Told(Ask(given.drawn.Case, given.facts)) == Told(Ask(given.drawn.Case, given.shuffled))).Check(Often);

    // Goal: an error put right leaves no trace. Method: void one entry; all else is told as if it had never been recorded.
    [Fact]
    public void Voiding_equals_never_having_recorded() =>
        Prop.ForAll(
            (from drawn in Cases
             let targets = drawn.Case.Question.History.Where(entry => entry.Type is not EntryType.Voided).ToArray()
             where targets.Length > 0
             from target in Gen.Elements(targets)
             select (drawn, target)).ToArbitrary(),
            given =>
            {
                var ((_, drawn), target) = given;
                var correction = new Entry("correction", EntryType.Voided, EntryTime.At(drawn.Question.AsOf), Voids: target.Id);
                var with = Ask(drawn, [.. drawn.Question.History, correction]);
                var without = Ask(drawn, [.. drawn.Question.History.Where(entry => entry != target)]);

                return Told(with, id => id != target.Id && id != correction.Id) == Told(without) &&
                    with.Entries.Single(entry => entry.Id == target.Id).Outcome is Outcome.Voided &&
                    with.Entries.Single(entry => entry.Id == correction.Id).Outcome is Outcome.None;
            }).Check(Often);

    // Goal: the past can be asked about. Method: take away the facts after the instant; the same is told of the line and of all that had happened.
    [Fact]
    public void Facts_after_the_instant_asked_change_nothing_and_are_told_as_later() =>
        Prop.ForAll(
            Cases.ToArbitrary(),
            given =>
            {
                var drawn = given.Case;
                var known = drawn.Question.History.Where(entry => InstantOf(drawn, entry) <= drawn.Question.AsOf).ToArray();
                var (all, some) = (Ask(drawn, drawn.Question.History), Ask(drawn, known));
                var ids = known.Select(entry => entry.Id).ToHashSet();
                var cancelled = known.Select(entry => entry.Voids).ToHashSet();
                var rest = drawn.Question.History
                    .Where(entry => !ids.Contains(entry.Id) && entry.Type is not EntryType.Voided && !cancelled.Contains(entry.Id));

                return Told(all with { HoldsUntil = null }, ids.Contains) == Told(some with { HoldsUntil = null }) &&
                    rest.All(later => all.Entries.Single(entry => entry.Id == later.Id) is { Outcome: Outcome.Later, Changes.Count: 0 });
            }).Check(Often);

    // Goal: an answer may be kept until HoldsUntil. Method: ask again shortly before it; all but the stage and what runs is the same.
    [Fact]
    public void An_answer_holds_as_long_as_it_says() =>
        Prop.ForAll(
            (from drawn in Cases from hours in Gen.Choose(0, 24 * 200) select (drawn, hours)).ToArbitrary(),
            given =>
            {
                var drawn = given.drawn.Case;
                var now = Ask(drawn.Pack, drawn.Question);
                var asOf = drawn.Question.AsOf + NodaTime.Duration.FromHours(given.hours);
                if (now.HoldsUntil <= asOf) return true;

                var then = Ask(drawn.Pack, drawn.Question with { AsOf = asOf });
                return Told(StillToCome(now)) == Told(StillToCome(then));
            }).Check(Often);

    private static Standing StillToCome(Standing standing) => standing with
    {
        Stage = default, StageEndsOn = null, Clocks = [.. standing.Clocks.Select(clock => clock with { Running = false })],
    };
}
