using System.Globalization;
using System.Text.Json;
using NodaTime;
using SimLedger.Rules;

namespace SimLedger.Server.DueList;

/// <summary>What is asked of the due list: any of the values of one filter, and all filters together. What is null is not asked.</summary>
/// <param name="WithinDays">Due by so many days after today in the line's own zone, what is overdue and what is to settle included.</param>
/// <param name="Stages">With lost among them lost lines are listed too.</param>
/// <param name="Carriers">Codes of packs, or names as given where there is none.</param>
public sealed record DueListFilter(int? WithinDays = null, IReadOnlyList<Stage>? Stages = null, IReadOnlyList<string>? Carriers = null)
{
    public IReadOnlyList<string>? Tags { get; init; }

    public IReadOnlyList<string>? Owners { get; init; }

    public IReadOnlyList<string>? Flags { get; init; }

    /// <summary>Codes of products, as on the card.</summary>
    public IReadOnlyList<string>? Products { get; init; }

    /// <summary>0 critical, 1 high, 2 normal.</summary>
    public IReadOnlyList<int>? Ranks { get; init; }

    /// <summary>Something is to settle, or nothing is.</summary>
    public bool? Settle { get; init; }

    /// <summary>Lines that are closed are listed too.</summary>
    public bool ClosedToo { get; init; }

    /// <summary>Whether any closed line can pass.</summary>
    public bool MayListClosed => ClosedToo || Stages?.Contains(Stage.Lost) == true;

    /// <summary>One text for one meaning: what a cursor is bound to.</summary>
    public string Binding => string.Create(
        CultureInfo.InvariantCulture,
        $"due-list|within={WithinDays}|stage={Join(Stages?.Select(Words.Of))}|carrier={Join(Carriers)}|tag={Join(Tags)}|owner={Join(Owners)}|flag={Join(Flags)}|product={Join(Products)}|rank={Join(Ranks?.Select(r => r.ToString(CultureInfo.InvariantCulture)))}|settle={Settle}|closed={ClosedToo}");

    /// <summary>Whether a line is asked for as it stands at an instant. The database asks the same of rows that hold (<see cref="DueListSql"/>).</summary>
    public bool Passes(StandingRow row, Instant now) =>
        (!row.Closed || ClosedToo || (row.Stage == Stage.Lost && MayListClosed))
        && (Stages is null || Stages.Contains(row.Stage))
        && IsAmong(Carriers, row.Carrier)
        && IsAmong(Owners, row.Owner)
        && IsAmong(Products, row.Product)
        && (Tags is null || row.Tags.Any(tag => IsAmong(Tags, tag)))
        && (Flags is null || row.Flags.Any(flag => IsAmong(Flags, flag)))
        && (Ranks is null || Ranks.Contains(row.Rank))
        && (Settle is null || Settle == (row.Band == 0))
        && (WithinDays is not { } days || row.Band == 0 || (row.DueOn is { } due && due <= now.InZone(row.Zone).Date.PlusDays(days)));

    private static bool IsAmong(IReadOnlyList<string>? values, string? value) => values is null || (value is not null && values.Contains(value, StringComparer.Ordinal));

    private static string Join(IEnumerable<string>? words) => words is null ? "" : JsonSerializer.Serialize(words.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal));
}
