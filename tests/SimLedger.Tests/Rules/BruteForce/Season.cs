using NodaTime;

namespace SimLedger.Tests.Rules.BruteForce;

/// <summary>A zone and a day in it around which something happens: clocks that change at odd hours, at midnight, by half an hour, by a whole day.</summary>
internal sealed record Season(string Zone, LocalDate Day)
{
    public static readonly IReadOnlyList<Season> All =
    [
        new("Asia/Manila", new LocalDate(2026, 2, 20)),
        new("Asia/Manila", new LocalDate(2023, 12, 25)),
        new("Europe/London", new LocalDate(2025, 3, 30)),
        new("Europe/London", new LocalDate(2025, 10, 26)),
        new("America/New_York", new LocalDate(2024, 3, 10)),
        new("Australia/Lord_Howe", new LocalDate(2025, 4, 6)), // Half an hour back.
        new("Australia/Lord_Howe", new LocalDate(2025, 10, 5)),
        new("America/Sao_Paulo", new LocalDate(2017, 10, 15)), // No midnight.
        new("America/Sao_Paulo", new LocalDate(2018, 2, 18)), // The last hour of the 17th twice.
        new("Asia/Beirut", new LocalDate(2021, 3, 28)),
        new("Asia/Beirut", new LocalDate(2021, 10, 31)),
        new("Africa/Cairo", new LocalDate(2023, 4, 28)),
        new("Africa/Cairo", new LocalDate(2023, 10, 27)),
        new("America/St_Johns", new LocalDate(2010, 3, 14)), // At one minute past midnight.
        new("America/St_Johns", new LocalDate(2010, 11, 7)), // The first minute of a day, then the last hour of the day before again.
        new("Pacific/Apia", new LocalDate(2011, 12, 30)), // A day that never was.
        new("America/Caracas", new LocalDate(2007, 12, 9)), // Half an hour back for good.
        new("Asia/Kathmandu", new LocalDate(2024, 2, 29)),
    ];
}
