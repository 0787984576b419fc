namespace SimLedger.Rules.Quoting;

/// <summary>
/// What an action costs, split as carriers split it, in the product's currency; what the channel takes for itself apart, since its currency may be
/// another.
/// </summary>
/// <param name="Base">The service, or the credit bought.</param>
/// <param name="AddOn">Extras within the offer.</param>
/// <param name="Handling">What the carrier takes for the transaction.</param>
/// <param name="Discount">What a promotion takes off base and add-on, rounded down to hundredths; already subtracted from <see cref="Total"/>, from nothing else.</param>
/// <param name="ChannelFee">Beside the total; null: the channel takes none.</param>
public sealed record Price(decimal Base, decimal AddOn, decimal Handling, decimal Discount, ChannelFee? ChannelFee)
{
    /// <summary>All but the channel's fee.</summary>
    public decimal Total => Base + AddOn + Handling - Discount;

    /// <summary>
    /// An offer's fees split its amount; what they leave open is base, and fees beyond the amount are paid on top. Without an offer the
    /// amount itself is the base: credit is paid at its face.
    /// </summary>
    internal static Price Of(KeepingAction action)
    {
        var amount = action.Offer?.Amount ?? action.Amount.GetValueOrDefault();
        decimal named = 0, addOn = 0, handling = 0;
        foreach (var fee in action.Offer?.Fees ?? [])
        {
            if (fee.Kind is OfferFeeKind.AddOn) addOn += fee.Amount;
            else if (fee.Kind is OfferFeeKind.Handling) handling += fee.Amount;
            else named += fee.Amount;
        }

        var basis = Math.Max(named, amount - addOn - handling);
        var percent = action.Promotion?.Effect.DiscountPercent ?? 0;
        // To the cent, and rather too little: the total must not turn out higher than told.
        var discount = Math.Round((basis + addOn) * percent / 100, 2, MidpointRounding.ToZero);
        return new Price(basis, addOn, handling, discount, action.Channel?.Fee);
    }
}
