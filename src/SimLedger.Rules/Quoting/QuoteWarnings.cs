using NodaTime;

namespace SimLedger.Rules.Quoting;

/// <summary>What is to be warned of when something is done on a day.</summary>
internal static class QuoteWarnings
{
    /// <param name="line">Of the card's line.</param>
    /// <param name="quote">Complete but for its warnings.</param>
    /// <param name="formFactor">Of the card; null: not known.</param>
    public static IReadOnlyList<Warning> Of(WhatIf line, Quote quote, FormFactor? formFactor)
    {
        var movesNothing = Effect.IsNone(quote.Before, quote.After);
        return
        [
            .. Rules(line, quote, movesNothing)
                .Concat(AmountLimits.Warnings(line, quote.Action, quote.On, movesNothing))
                .Concat(Days(line, quote))
                .Concat(quote.Action.Channel is { } channel ? Channel(channel, quote.On, formFactor) : [])
                .Concat(Price(line, quote))
                .OrderBy(warning => warning.Severity).ThenBy(warning => warning.Code),
        ];
    }

    private static IEnumerable<Warning> Rules(WhatIf line, Quote quote, bool movesNothing)
    {
        var (before, after) = (quote.Before, quote.After);
        if (line.Governing(quote.On) is null) yield return new Warning(WarningCode.RuleUnknown);
        if (quote.Outcome is Outcome.TooLate || (before.Stage is Stage.Lost && after.Stage is Stage.Lost))
        {
            yield return new Warning(WarningCode.TooLate, new Particulars { Stage = before.Stage });
        }

        if (movesNothing) yield return new Warning(WarningCode.MovesNothing, new Particulars { Day = before.EndsOn, Stage = before.Stage });
        if (after.Flags.Contains(Flag.ConflictingRules)) yield return new Warning(WarningCode.ConflictingRules);
        if (quote.Rule is { Source.Confidence: Confidence.Unverified } rule)
        {
            yield return new Warning(WarningCode.Unverified, new Particulars { Name = rule.Version, Confidence = Confidence.Unverified });
        }
    }

    private static IEnumerable<Warning> Days(WhatIf line, Quote quote)
    {
        var (action, on, before, after) = (quote.Action, quote.On, quote.Before, quote.After);
        if (quote.CreditedOn > before.StageEndsOn)
        {
            var late = new Particulars { Day = quote.CreditedOn, To = before.StageEndsOn, Channel = action.Channel };
            yield return new Warning(WarningCode.CreditedAfterDeadline, late);
        }

        if (after.EndsOn is { } sooner && before.EndsOn is { } end && sooner < end)
        {
            yield return new Warning(WarningCode.Shortens, new Particulars { Days = Period.DaysBetween(sooner, end), From = end, To = sooner });
        }

        if (ActingDays.Better(line, action, on, after, quote.LastSafeDay) is var (day, lost))
        {
            yield return new Warning(WarningCode.TooEarly, new Particulars { Days = Period.DaysBetween(on, day), Day = day, LostDays = lost });
        }
        else if (quote.WastedDays > 0)
        {
            yield return new Warning(WarningCode.Wastes, new Particulars { Days = quote.WastedDays });
        }

        if (on > before.RenewBy) yield return new Warning(WarningCode.AfterRenewBy, new Particulars { Day = before.RenewBy });
    }

    private static IEnumerable<Warning> Channel(Channel channel, LocalDate on, FormFactor? formFactor)
    {
        var of = new Particulars { Channel = channel };
        if (ActingDays.OpenFrom(on, channel) is var open && open != on) yield return new Warning(WarningCode.Closed, of with { Day = open });
        if (channel.Trust is ChannelTrust.Unknown) yield return new Warning(WarningCode.ThirdParty, of);
        foreach (var need in channel.Needs.Distinct())
        {
            var needed = of with { Need = need };
            if (need is ChannelNeed.PhysicalSim && formFactor is FormFactor.Esim) yield return new Warning(WarningCode.NotUsable, needed);
            yield return new Warning(CodeOf(need), needed);
        }
    }

    private static IEnumerable<Warning> Price(WhatIf line, Quote quote)
    {
        var action = quote.Action;
        if (action.Offer is { } offer)
        {
            var isSoldThere = offer.Channels is not { } some || action.Channel is not { } channel ||
                some.Contains(channel.Code) || some.Contains(EnumNames.Of(channel.Kind));
            var of = new Particulars { Name = offer.Code };
            if (quote.On < offer.From || quote.On > offer.To) yield return new Warning(WarningCode.NotOnSale, of with { From = offer.From, To = offer.To });
            else if (!isSoldThere) yield return new Warning(WarningCode.NotOnSale, of with { Channel = action.Channel });
        }

        if (action.Promotion is { } named && quote.Promotion is null)
        {
            yield return new Warning(WarningCode.PromotionNotOpen, new Particulars { Name = named.Code, From = named.From, To = named.To });
        }

        if (Lacks(line.Product, action) is { } capability) yield return new Warning(WarningCode.NotUsable, new Particulars { Capability = capability });
        if (quote.Price is null) yield return new Warning(WarningCode.PriceUnknown);
    }

    /// <summary>What using the SIM so would need and the product does not have. A product that lists nothing may have all.</summary>
    private static Capability? Lacks(Product? product, KeepingAction action)
    {
        if (action.Usage is not { } usage || product is null || product.Capabilities.Count == 0) return null;

        var needed = usage switch { UsageKind.Call => Capability.Voice, UsageKind.Data => Capability.Data, _ => Capability.Sms };
        return product.Capabilities.Contains(needed) ? null : needed;
    }

    private static WarningCode CodeOf(ChannelNeed need) => need switch
    {
        ChannelNeed.PhysicalSim => WarningCode.NeedsPhysicalSim,
        ChannelNeed.IdentityDocument => WarningCode.NeedsIdentityDocument,
        _ => WarningCode.NeedsPortalAccount,
    };
}
