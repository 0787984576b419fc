using NodaTime;

namespace SimLedger.Rules.Quoting;

/// <summary>Which promotions an action has, and which it could have.</summary>
internal static class Promotions
{
    /// <summary>Enough for any carrier; a pack of megabytes is cut short.</summary>
    private const int MostMissed = 20;

    /// <summary>The promotion named, if it is open that day for the action's channel and offer.</summary>
    public static Promotion? Applied(KeepingAction action, LocalDate on) =>
        action.Promotion is { } named && IsOpenOn(named, on) && TakesChannel(named, action.Channel) && TakesOffer(named, action.Offer) ? named : null;

    /// <summary>The others that are open that day.</summary>
    public static IReadOnlyList<MissedPromotion> Missed(Product? product, KeepingAction action, LocalDate on)
    {
        if (product is null || action.Type is not (EntryType.TopUp or EntryType.Renewed or EntryType.Extended)) return [];

        return
        [
            .. product.Promotions.Where(promotion => IsOpenOn(promotion, on) && promotion.Code != action.Promotion?.Code).Take(MostMissed).Select(promotion =>
                new MissedPromotion(
                    promotion,
                    !TakesOffer(promotion, action.Offer) ? MissedBecause.OtherOffer
                    : !TakesChannel(promotion, action.Channel) ? MissedBecause.OtherChannel
                    : MissedBecause.NotNamed)),
        ];
    }

    private static bool IsOpenOn(Promotion promotion, LocalDate on) => on >= promotion.From && on <= promotion.To;

    private static bool TakesChannel(Promotion promotion, Channel? channel) =>
        promotion.Channels is not { } some || (channel is not null && (some.Contains(channel.Code) || some.Contains(EnumNames.Of(channel.Kind))));

    private static bool TakesOffer(Promotion promotion, Offer? offer) => promotion.Offers is not { } some || (offer is not null && some.Contains(offer.Code));
}
