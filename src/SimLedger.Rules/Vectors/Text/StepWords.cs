using NodaTime;
using SimLedger.Rules.Explaining;

namespace SimLedger.Rules.Vectors.Text;

/// <summary>What happened to a clock, as cells of a row: clock, before, after, why.</summary>
internal static class StepWords
{
    public static string[] Of(Step step) => step switch
    {
        Step.Started started => Changed(started.Change, $"starts on {TriggersOf(started.By.StartsOn)}, length {Words.Of(started.By.Length)}{FirstDay(started.By)}"),
        Step.Extended extended => Changed(
            extended.Change,
            $"extendedBy[{PlaceOf(extended.By, extended.Extension)}] {Words.Of(extended.Extension, extended.N)}{NotRunning(extended)}{Bonus(extended)}{FirstDay(extended.By)}"),
        Step.CarrierStated stated => Changed(stated.Change, "the carrier's own word"),
        Step.StartedAnew anew => Changed(anew.Change, "starts anew: by the carrier's word the line lives"),
        Step.MovedAutomatically moved => Row(
            moved.Clock, moved.From, moved.To, $"autoExtend {Words.Of(moved.Times)} times by {Words.Of(moved.By.By)}, the balance pays {Reading.AmountText.Of(moved.By.Deduct)} each"),
        Step.KeptThroughVersion kept => Row(kept.Clock, kept.End, kept.End, $"the carrier's word becomes this clock of version {kept.Version.Version}"),
        Step.StoppedByVersion stopped => [stopped.Clock, "", "stops", $"version {stopped.Version.Version} has no such clock"],
        Step.StoppedByFact stopped => [stopped.Clock, "", "stops", $"stops on {TriggersOf(stopped.By.StopsOn)}"],
        Step.TooLate late => [late.Clock, "", "too late", late.Stage is Stage.Lost ? "the number was lost" : $"no exit of the stage {EnumNames.Of(late.Stage)} lets the entry through"],
        _ => throw new InvalidOperationException($"There are no words for {step.GetType().Name}."),
    };

    private static string[] Changed(ClockChange change, string why) => Row(change.Clock, change.Before, change.After, $"{why}{Days(change)}");

    private static string[] Row(string clock, LocalDate? before, LocalDate after, string why) => [clock, Words.Of(before), $"-> {Words.Of(after)}", why];

    private static string Days(ClockChange change) => string.Concat(
        change.WastedDays is { } wasted ? $"; {Words.Of(wasted)} days wasted" : "",
        change.ShortenedDays is { } shortened ? $"; {Words.Of(shortened)} days earlier than before" : "",
        change.DriftDays is { } drift ? $"; {Words.Of(drift)} days from what was computed" : "");

    private static int PlaceOf(Clock clock, Extension extension)
    {
        for (var i = 0; i < clock.ExtendedBy.Count; i++)
        {
            if (ReferenceEquals(clock.ExtendedBy[i], extension)) return i;
        }

        return -1;
    }

    private static string NotRunning(Step.Extended extended) => extended.Mode == extended.Extension.Combine ? "" : ", from the day, for the clock did not run";

    private static string Bonus(Step.Extended extended) => extended.BonusDays > 0 ? $" and {Words.Of(extended.BonusDays)} bonus days" : "";

    private static string FirstDay(Clock clock) => clock.FirstDayCounts ? ", the first day counts" : "";

    private static string TriggersOf(IReadOnlyList<Trigger> triggers) => string.Join(" or ", triggers.Select(Words.Of));
}
