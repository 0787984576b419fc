using NodaTime;

namespace SimLedger.Rules.Quoting;

/// <summary>
/// Which limit an amount is beyond: what the carrier takes at once or in a month, what the channel takes, what a rule asks for to move anything.
/// </summary>
public enum LimitOf { Carrier, Month, Channel, Rule }

/// <summary>The figures and names that a warning or a reason speaks of. Members it does not need are null.</summary>
public sealed record Particulars
{
    public static readonly Particulars None = new();

    public int? Days { get; init; }

    /// <summary>Days that doing it at the best time would have given beyond what it gives now.</summary>
    public int? LostDays { get; init; }

    public LocalDate? Day { get; init; }

    /// <summary>Of a period; null: open on that side.</summary>
    public LocalDate? From { get; init; }

    public LocalDate? To { get; init; }

    public decimal? Amount { get; init; }

    public decimal? Limit { get; init; }

    public LimitOf? Of { get; init; }

    public string? Currency { get; init; }

    public string? ProductCurrency { get; init; }

    public Channel? Channel { get; init; }

    public ChannelNeed? Need { get; init; }

    public Capability? Capability { get; init; }

    public Stage? Stage { get; init; }

    public Confidence? Confidence { get; init; }

    /// <summary>Code of an offer or a promotion, or name of a rule version.</summary>
    public string? Name { get; init; }
}
