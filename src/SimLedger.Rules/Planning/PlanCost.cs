using SimLedger.Rules.Quoting;

namespace SimLedger.Rules.Planning;

/// <summary>
/// What a schedule costs, weighed in this order: whether it saves a late line at all, how late it is, how much of the horizon it leaves open, how much of it nobody names a price of or
/// whose fee is in a currency that cannot be compared, money, and last what is only pleasant: preferred channels, few actions.
/// </summary>
/// <param name="Unsaved">1: the line is late and stays so.</param>
/// <param name="LateDays">Days after today on which late actions take effect, added up.</param>
/// <param name="OpenDays">Days at the end of the horizon that are not safe.</param>
/// <param name="Amount">In the product's currency, channel fees in it included.</param>
/// <param name="ForeignAmount">Channel fees in another currency.</param>
internal readonly record struct PlanCost(
    int Unsaved, int LateDays, int OpenDays, int Unpriced, int ForeignFees, decimal Amount, decimal ForeignAmount, int OtherChannels, int Actions) : IComparable<PlanCost>
{
    public static readonly PlanCost Zero;

    /// <param name="preferred">Whether the channel is one of those preferred, or there is no preference.</param>
    public static PlanCost Of(Price? price, string currency, bool preferred)
    {
        var fee = price?.ChannelFee;
        var foreign = fee is not null && fee.Currency != currency && fee.Amount != 0;
        return new PlanCost(
            0, 0, 0,
            price is null ? 1 : 0,
            foreign ? 1 : 0,
            (price?.Total ?? 0) + (foreign ? 0 : fee?.Amount ?? 0),
            foreign ? fee!.Amount : 0,
            preferred ? 0 : 1,
            1);
    }

    public static PlanCost operator +(PlanCost a, PlanCost b) => new(
        a.Unsaved + b.Unsaved, a.LateDays + b.LateDays, a.OpenDays + b.OpenDays, a.Unpriced + b.Unpriced, a.ForeignFees + b.ForeignFees,
        a.Amount + b.Amount, a.ForeignAmount + b.ForeignAmount, a.OtherChannels + b.OtherChannels, a.Actions + b.Actions);

    public int CompareTo(PlanCost other)
    {
        if (Unsaved != other.Unsaved) return Unsaved.CompareTo(other.Unsaved);
        if (LateDays != other.LateDays) return LateDays.CompareTo(other.LateDays);
        if (OpenDays != other.OpenDays) return OpenDays.CompareTo(other.OpenDays);
        if (Unpriced != other.Unpriced) return Unpriced.CompareTo(other.Unpriced);
        if (ForeignFees != other.ForeignFees) return ForeignFees.CompareTo(other.ForeignFees);
        if (Amount != other.Amount) return Amount.CompareTo(other.Amount);
        if (ForeignAmount != other.ForeignAmount) return ForeignAmount.CompareTo(other.ForeignAmount);
        if (OtherChannels != other.OtherChannels) return OtherChannels.CompareTo(other.OtherChannels);
        return Actions.CompareTo(other.Actions);
    }
}
