using FsCheck;
using FsCheck.Fluent;
using NodaTime;
using SimLedger.Rules;
using SimLedger.Rules.Evaluating;
using static SimLedger.Tests.Rules.RandomHistories;

namespace SimLedger.Tests.Rules.Planning;

/// <summary>A line that is carried on from where an evaluation left it stands as if its whole history had been walked.</summary>
public class CarryingOn
{
    // Goal: the planner may try an action without walking the history again. Method: cut a random history in time, evaluate the first part, carry the
    // rest on entry by entry, look at a later instant; the same clocks and balance are told as of the whole.
    [Fact]
    public void Entry_by_entry_is_the_same_as_all_at_once() =>
        Prop.ForAll(
            (from pack in Packs from history in Histories from cut in Instants from look in Gen.Choose(0, 90) select (pack, history, cut, look)).ToArbitrary(),
            given =>
            {
                var (pack, cut) = (given.pack, given.cut);
                Entry[] history = [.. given.history.Where(entry => entry.Type is not EntryType.Voided).OrderBy(entry => entry.At.ToInstant(pack.Zone))];
                var asOf = Instant.Max(cut, history.Length == 0 ? cut : history[^1].At.ToInstant(pack.Zone)) + Duration.FromDays(given.look);
                var whole = Evaluator.Evaluate(pack, new Question("p", history, asOf));

                var calendar = new LocalCalendar(pack.Zone);
                var line = new LineEvaluation(pack, new Question("p", history, cut, FirstActivation(pack, history)));
                line.TakeEntries();
                var continuation = new LineContinuation(pack, pack.FindProduct("p")!, line.ActivatedOn, null);
                var past = continuation.From(line, calendar.DateOf(cut));
                foreach (var entry in history.Where(entry => entry.At.ToInstant(pack.Zone) > cut))
                {
                    var at = entry.At.ToInstant(pack.Zone);
                    past = continuation.Take(past, entry, at, calendar.DateOf(at)).After;
                }

                var seen = continuation.SeenUnder(line.GoverningVersion(calendar.DateOf(asOf)), past);
                return Told(whole.Clocks.Select(clock => (clock.Id, clock.EndsOn, clock.DeadlineAt)))
                    == Told(seen.Clocks.Select(run => (run.Id, seen.EndOf(run), seen.DeadlineOf(run))))
                    && whole.Clock == seen.Binding()?.Id
                    && whole.Balance?.Amount == (seen.Balance is { } balance ? balance - seen.Deducted : null);
            }).Check(Config.QuickThrowOnFailure.WithMaxTest(3_000));

    // The activation decides cohorts for the whole history, also for what came before it; the planner's lines know theirs from the start.
    private static LocalDate? FirstActivation(RulePack pack, IEnumerable<Entry> history) =>
        history.FirstOrDefault(entry => entry.Type is EntryType.Activated)?.At.ToInstant(pack.Zone).InZone(pack.Zone).Date;

    private static string Told<T>(IEnumerable<T> clocks) => string.Join(',', clocks);
}
