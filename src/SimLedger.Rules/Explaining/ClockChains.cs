using NodaTime;
using SimLedger.Rules.Evaluating;

namespace SimLedger.Rules.Explaining;

/// <summary>For each clock the changes that its end rests on: back from the last one to the one that did not look at what was before.</summary>
internal sealed class ClockChains(LineWalk walk, Naming naming)
{
    private readonly Dictionary<string, List<Link>> chains = new(StringComparer.Ordinal);

    /// <param name="RestsOnEarlier">The end that the step found went into the one it left.</param>
    /// <param name="ByCarrier">The end is the carrier's word.</param>
    private sealed record Link(Statement Statement, bool RestsOnEarlier, bool ByCarrier);

    /// <summary>Notes a step, in the order of time.</summary>
    /// <param name="statement">What made the date, as <see cref="StepStatements"/> says it.</param>
    public void Add(Step step, Statement statement)
    {
        var links = LinksOf(step.Clock);
        switch (step)
        {
            case Step.TooLate or Step.Extended { IsKept: true }:
                return;
            case Step.KeptThroughVersion:
                var stated = LinksOf(Clock.StatedId);
                chains.Remove(Clock.StatedId);
                chains[step.Clock] = [.. stated, new Link(statement, RestsOnEarlier: true, ByCarrier: true)];
                return;
            case Step.Extended extended:
                var adds = extended.Mode is Combine.Add && extended.Change.WastedDays is null;
                links.Add(new Link(statement, adds || statement.Code is StatementCode.MovedByBonus, ByCarrier: false));
                return;
            default:
                links.Add(new Link(statement, step is Step.MovedAutomatically or Step.StoppedByFact or Step.StoppedByVersion, step is Step.CarrierStated));
                return;
        }
    }

    /// <summary>Why each clock has its end, in the order the clocks first started; last of each clock what it comes to.</summary>
    public IEnumerable<Statement> Statements(Instant asOf)
    {
        foreach (var run in walk.Line.State.Clocks)
        {
            var links = LinksOf(run.Id);
            var first = links.FindLastIndex(link => !link.RestsOnEarlier);
            foreach (var link in links.Skip(Math.Max(first, 0))) yield return link.Statement;

            if (run.Stopped) continue;

            if (HolderOf(run) is { } holder)
            {
                yield return Statement.Of(
                    StatementCode.HeldByOther, ConfidenceOf(holder),
                    ("clock", naming.Clock(run.Id, run.Kind)), ("other", naming.Clock(holder.Id, holder.Kind)), ("after", Naming.Day(holder.End)));
            }

            else if (links is [.., var last] && last.Statement.Find("after") != Naming.Day(run.End))
            {
                yield return Statement.Of(
                    StatementCode.NoLongerHeld, ConfidenceOf(run), ("clock", naming.Clock(run.Id, run.Kind)), ("after", Naming.Day(run.End)));
            }

            yield return EndOf(run, asOf);
        }
    }

    /// <summary>Whether a clock's end is the carrier's own word, moved by no rule since.</summary>
    public bool IsCarriersWord(ClockRun run) => EndsByCarrier((HolderOf(run) ?? run).Id);

    /// <summary>Whether a clock's own end is the carrier's word, as far as steps were added.</summary>
    public bool EndsByCarrier(string clock) => LinksOf(clock) is [.., { ByCarrier: true }];

    /// <summary>How sure the end of a clock is; null: it is the carrier's own word.</summary>
    public Confidence? ConfidenceOf(ClockRun run) => IsCarriersWord(run) ? null : (HolderOf(run) ?? run).Version?.Source.Confidence;

    private Statement EndOf(ClockRun run, Instant asOf)
    {
        var ended = walk.Line.State.DeadlineOf(run) <= asOf;
        (string, Datum)[] data = [("clock", naming.Clock(run.Id, run.Kind)), ("endsOn", Naming.Day(walk.Line.State.EndOf(run)))];
        if (run.Version is not { } version) return Statement.Of(ended ? StatementCode.EndedByCarrier : StatementCode.EndsByCarrier, null, data);

        data = [.. data, ("version", Naming.Text(version.Version))];
        if (IsCarriersWord(run)) return Statement.Of(ended ? StatementCode.EndedByCarrier : StatementCode.EndsByCarrier, null, data);

        return Statement.Of(
            ended ? StatementCode.EndedByRule : StatementCode.EndsByRule, Naming.LessSure(version.Source.Confidence, ConfidenceOf(run)),
            [
                .. data, ("source", new Datum.Quote(version.Source.Title)), ("checkedOn", Naming.Day(version.Source.CheckedOn)),
                .. version.Source.Url is { } url ? [("url", Naming.Text(url))] : Array.Empty<(string, Datum)>(),
            ]);
    }

    /// <summary>The clock that holds another's end up beyond its own; null: none does.</summary>
    private ClockRun? HolderOf(ClockRun run) =>
        run.NotBefore is { } id && id != run.Id && walk.Line.State.FindClock(id) is { Stopped: false } holder && holder.End > run.End ? holder : null;

    private List<Link> LinksOf(string clock) => chains.TryGetValue(clock, out var links) ? links : chains[clock] = [];
}
