using NodaTime;

namespace SimLedger.Rules.Quoting;

/// <summary>Two orders of the same options, and why each stands where it does.</summary>
internal static class OptionRanking
{
    public static IReadOnlyList<RankedQuote> Of(IReadOnlyList<Quote> quotes, LocalDate asked)
    {
        // Stable sorts, so that the order of the pack decides what nothing else does.
        var safest = BySafety(quotes).ThenBy(Cost);
        var cheapest = safest.Select((quote, i) => (Quote: quote, SafetyRank: i + 1)).OrderBy(option => Cost(option.Quote));
        return
        [
            .. cheapest.Select((option, i) =>
                new RankedQuote(option.Quote, i + 1, option.SafetyRank, [.. Why(option.Quote, i + 1, option.SafetyRank, asked)])),
        ];
    }

    private static decimal Cost(Quote quote) => quote.CostPerDay ?? decimal.MaxValue;

    private static IOrderedEnumerable<Quote> BySafety(IReadOnlyList<Quote> quotes) => quotes
        .OrderBy(quote => quote.Warnings.Any(warning => warning.Code is WarningCode.CreditedAfterDeadline))
        .ThenBy(TrustIn)
        .ThenBy(quote => quote.Action.Channel is not { Online: true })
        .ThenBy(quote => quote.Action.Channel?.Needs.Count ?? (IsUse(quote) ? 1 : 0)) // A use needs the SIM at hand.
        .ThenBy(quote => quote.Action.Channel?.CreditTakesDays ?? 0)
        .ThenByDescending(quote => quote.After.EndsOn ?? LocalDate.MaxIsoValue)
        .ThenBy(quote => quote.Rule?.Source.Confidence ?? Confidence.Unverified);

    /// <summary>The SIM itself is the carrier's; a way that nobody names is trusted by nobody.</summary>
    private static ChannelTrust TrustIn(Quote quote) => quote.Action.Channel?.Trust ?? (IsUse(quote) ? ChannelTrust.Carrier : ChannelTrust.Unknown);

    private static bool IsUse(Quote quote) => quote.Action.Type is EntryType.Usage;

    private static IEnumerable<Reason> Why(Quote quote, int costRank, int safetyRank, LocalDate asked)
    {
        if (quote.CostPerDay is { } cost)
        {
            var code = costRank == 1 ? ReasonCode.CheapestPerDay : ReasonCode.CostPerDay;
            yield return new Reason(code, new Particulars { Amount = cost, Currency = quote.Currency });
        }
        else
        {
            yield return new Reason(ReasonCode.CostUnknown, Particulars.None);
        }

        if (safetyRank == 1) yield return new Reason(ReasonCode.Safest, Particulars.None);
        yield return Gain(quote);
        if (IsUse(quote)) yield return new Reason(ReasonCode.UsesTheSim, Particulars.None);
        else if (quote.Action.Channel is { } channel) foreach (var reason in OfChannel(channel)) yield return reason;

        if (quote.Promotion is { } promotion) yield return new Reason(ReasonCode.UnderPromotion, new Particulars { Name = promotion.Code, To = promotion.To });
        if (quote.On != asked)
        {
            yield return new Reason(ReasonCode.MovedToOpenDay, new Particulars { From = asked, Day = quote.On, Channel = quote.Action.Channel });
        }

        if (quote.Rule is { } rule)
        {
            yield return new Reason(ReasonCode.RuleConfidence, new Particulars { Confidence = rule.Source.Confidence, Name = rule.Version });
        }
    }

    private static Reason Gain(Quote quote)
    {
        var code = quote.After.EndsOn is null ? ReasonCode.FreesOfEnd
            : quote.Before.Stage is Stage.Active ? ReasonCode.KeepsUntil
            : quote.Before.Stage is Stage.Unstarted ? ReasonCode.Starts
            : ReasonCode.Rescues;
        return new Reason(code, new Particulars { Days = quote.DaysKept, Day = quote.After.EndsOn });
    }

    private static IEnumerable<Reason> OfChannel(Channel channel)
    {
        var of = new Particulars { Channel = channel };
        var trust = channel.Trust switch
        {
            ChannelTrust.Carrier => ReasonCode.CarrierChannel,
            ChannelTrust.Trusted => ReasonCode.TrustedChannel,
            _ => ReasonCode.UnknownTrust,
        };
        yield return new Reason(trust, of);
        if (channel.Online) yield return new Reason(ReasonCode.Online, of);
        if (channel.Needs.Count == 0) yield return new Reason(ReasonCode.NeedsNothing, of);
        yield return channel.CreditTakesDays == 0
            ? new Reason(ReasonCode.CreditedAtOnce, of)
            : new Reason(ReasonCode.CreditTakesDays, of with { Days = channel.CreditTakesDays });
    }
}
