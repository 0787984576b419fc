using NodaTime;
using NodaTime.Text;
using SimLedger.Rules;

namespace SimLedger.Server.DueList;

/// <summary>How dates, instants and the rules' terms are written in rows and answers.</summary>
public static class Words
{
    public static string Of(LocalDate date) => LocalDatePattern.Iso.Format(date);

    public static string? Of(LocalDate? date) => date is { } day ? Of(day) : null;

    public static string Of(Instant instant) => InstantPattern.ExtendedIso.Format(instant);

    public static string? Of(Instant? instant) => instant is { } moment ? Of(moment) : null;

    public static string Of(Stage stage) => EnumNames.Of(stage);

    public static string Of(Flag flag) => EnumNames.Of(flag);

    public static string Of(Confidence confidence) => EnumNames.Of(confidence);

    public static string Of(Outcome outcome) => EnumNames.Of(outcome);

    /// <exception cref="ArgumentException">It is none.</exception>
    public static Stage Stage(string word) => Enum.Parse<Stage>(word, ignoreCase: true);

    /// <summary>All stages by their word.</summary>
    public static IReadOnlyDictionary<string, Stage> Stages { get; } = Enum.GetValues<Stage>().ToDictionary(Of, StringComparer.Ordinal);
}
