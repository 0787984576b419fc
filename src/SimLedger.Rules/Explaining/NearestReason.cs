namespace SimLedger.Rules.Explaining;

/// <summary>
/// Why an entry that a rule governs moved nothing. Of all triggers that might have meant it the nearest is named: the one
/// that would have done, were it not for the state of its clock; else the one of whose filter the fewest members fail.
/// </summary>
internal sealed class NearestReason(LineWalk walk, Naming naming, FilterFailures failures)
{
    private sealed record Candidate(Clock Clock, IReadOnlyList<Statement> Failing, StatementCode? Hindrance);

    public Statement Of(WalkedEntry walked)
    {
        var version = walked.Version!;
        Candidate? nearest = null;
        foreach (var clock in version.Clocks)
        {
            foreach (var candidate in CandidatesOf(clock, walked))
            {
                if (nearest is null || Distance(candidate) < Distance(nearest)) nearest = candidate;
            }
        }

        var fact = naming.Fact(walked.Taken.Entry, walked.Taken.On);
        if (nearest is { Failing: [var failing, ..] }) return failing;
        if (nearest is { Hindrance: { } hindrance })
        {
            return Statement.Of(hindrance, null, ("entry", fact), ("clock", naming.Clock(nearest.Clock)), ("version", Naming.Text(version.Version)));
        }

        return walk.Line.Matching.BalanceIn(walked.Taken.Entry) is { } balance
            ? Statement.Of(StatementCode.BalanceNoted, null, ("entry", fact), ("balance", naming.Money(balance)))
            : Statement.Of(StatementCode.NotLookedAt, null, ("entry", fact), ("version", Naming.Text(version.Version)));
    }

    /// <summary>A fact that lacks nothing but a fitting clock is nearer than one that lacks something itself.</summary>
    private static int Distance(Candidate candidate) => candidate.Failing.Count * 2 + (candidate.Hindrance is null ? 0 : 1);

    private IEnumerable<Candidate> CandidatesOf(Clock clock, WalkedEntry walked)
    {
        var run = walked.Before.FindClock(clock.Id);
        var counts = run is { Stopped: false };
        foreach (var start in clock.StartsOn)
        {
            var hindrance = counts ? StatementCode.ClockRunning : walked.Stage is Stage.Lost ? StatementCode.AlreadyLost : default(StatementCode?);
            if (start.On == walked.Taken.Entry.Type) yield return new Candidate(clock, failures.Of(start, clock, walked), hindrance);
        }

        foreach (var stop in clock.StopsOn)
        {
            var hindrance = counts ? default(StatementCode?) : StatementCode.NothingToStop;
            if (stop.On == walked.Taken.Entry.Type) yield return new Candidate(clock, failures.Of(stop, clock, walked), hindrance);
        }

        foreach (var extension in clock.ExtendedBy)
        {
            if (extension.When.On != walked.Taken.Entry.Type) continue;

            var failing = failures.Of(extension.When, clock, walked);
            yield return new Candidate(
                clock,
                failures.OfTerm(extension, clock, walked) is { } term ? [.. failing, term] : failing,
                run is { Stopped: true } ? StatementCode.ClockStopped : null);
        }
    }
}
