namespace SimLedger.Rules.Quoting;

/// <summary>Something that can be done at the carrier so that a number is kept: what, how much, through which channel.</summary>
/// <param name="Type">What the fact of it would be: a top-up, a renewal, an extension, a use of the SIM or an identity registration.</param>
/// <param name="Amount">What the fact would hold, in the product's currency; null: the rules ask for none and nobody says what it is.</param>
/// <param name="Offer">What the carrier sells; null: an amount that only follows from the rules.</param>
/// <param name="Channel">Null: the pack names none for it, or none is needed (a use of the SIM).</param>
/// <param name="Promotion">The promotion it would be done under.</param>
/// <param name="Usage">Of a use of the SIM: the kind that counts.</param>
public sealed record KeepingAction(
    EntryType Type,
    decimal? Amount = null,
    Offer? Offer = null,
    Channel? Channel = null,
    Promotion? Promotion = null,
    UsageKind? Usage = null)
{
    /// <summary>Of a use of the SIM: out unless the rules name the other.</summary>
    public Direction? Direction { get; init; }

    /// <summary>ISO 4217, of the amount; null: the product's.</summary>
    public string? Currency { get; init; }

    /// <summary>What is bought lasts so long; null: as long as the offer says, if there is one.</summary>
    public Term? Period { get; init; }

    /// <summary>The fact that doing it would be.</summary>
    /// <param name="id">Must be another than those of the history it joins.</param>
    public Entry EntryAt(string id, EntryTime at) => new(
        id, Type, at, Amount, Currency,
        Channel: Channel?.Code,
        Offer: Offer?.Code,
        Promotion: Promotion?.Code,
        UsageKind: Usage,
        Direction: Type is EntryType.Usage ? Direction ?? Rules.Direction.Out : null,
        Chargeable: Type is EntryType.Usage ? true : null,
        Period: Period ?? Offer?.Period);

    /// <summary>
    /// What it costs; null where nobody says: an unnamed amount, the price of a call. An amount of nothing stands for "any", which is no price.
    /// </summary>
    public Price? Price => Offer is not null || Amount > 0 ? Quoting.Price.Of(this) : null;
}
