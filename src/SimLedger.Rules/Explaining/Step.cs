using NodaTime;
using SimLedger.Rules.Evaluating;

namespace SimLedger.Rules.Explaining;

/// <summary>One thing that happened to one clock while a line was evaluated, with what is needed to say why.</summary>
/// <param name="Clock">Id of the clock.</param>
internal abstract record Step(string Clock, ClockKind Kind)
{
    public sealed record Started(Clock By, RuleVersion Version, ClockChange Change) : Step(By.Id, By.Kind);

    /// <param name="Ran">Whether the clock ran when the entry came; if not, additions count from the entry.</param>
    /// <param name="AfterPlan">Whether a plan had started whose end could be counted from.</param>
    /// <param name="BonusDays">That a promotion added.</param>
    public sealed record Extended(
        Clock By, RuleVersion Version, Extension Extension, Term N, bool Ran, bool AfterPlan, int BonusDays, ClockChange Change) : Step(By.Id, By.Kind)
    {
        /// <summary>Additions to a clock that does not run count from the entry.</summary>
        public Combine Mode => Extension.Combine is Combine.Add or Combine.Max && !Ran ? Combine.Reset : Extension.Combine;

        /// <summary>The end stayed where it was.</summary>
        public bool IsKept => Mode is Combine.Add or Combine.Max && Change.Before == Change.After;
    }

    /// <param name="Earlier">The version behind the end that was known until then; null: none was, or the carrier's word alone.</param>
    public sealed record CarrierStated(string Clock, ClockKind Kind, RuleVersion? Earlier, ClockChange Change) : Step(Clock, Kind);

    /// <summary>The carrier's word on another clock showed that the line lives.</summary>
    public sealed record StartedAnew(ClockRun Run, ClockChange Change) : Step(Run.Id, Run.Kind);

    /// <param name="From">Its end before the first of the moves.</param>
    public sealed record MovedAutomatically(ClockRun Run, AutoExtension By, int Times, LocalDate From, LocalDate To) : Step(Run.Id, Run.Kind);

    /// <summary>A clock that only the carrier's word had started became one of a version.</summary>
    public sealed record KeptThroughVersion(ClockRun Run, RuleVersion Version, LocalDate End) : Step(Run.Id, Run.Kind);

    public sealed record StoppedByVersion(string Clock, ClockKind Kind, RuleVersion Version) : Step(Clock, Kind);

    public sealed record StoppedByFact(Clock By, RuleVersion Version) : Step(By.Id, By.Kind);

    public sealed record TooLate(Clock By, RuleVersion Version, Stage Stage, LadderStage? OfLadder) : Step(By.Id, By.Kind);
}

/// <summary>An entry that was taken, with all it met and did.</summary>
/// <param name="Version">That governed it; of several the one that was kept. Null: none.</param>
/// <param name="Before">The line as the entry found it, after changes of version and automatic moves.</param>
/// <param name="Index">Its place in <see cref="Timeline.Taken"/>.</param>
internal sealed record WalkedEntry(
    int Index, TakenEntry Taken, RuleVersion? Version, Stage Stage, LadderStage? OfLadder, LineState Before, EntryOutcome Outcome, IReadOnlyList<Step> Steps);
