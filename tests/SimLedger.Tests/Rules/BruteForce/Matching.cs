using SimLedger.Rules;

namespace SimLedger.Tests.Rules.BruteForce;

/// <summary>Whether an entry is what a trigger asks for: section 5 of the format, one sentence a line.</summary>
internal sealed class Matching(RulePack pack, Product product, Tally tally)
{
    public bool IsInCurrency(Entry entry) => entry.Currency is null || entry.Currency == product.Currency;

    public decimal? AmountOf(Entry entry) => IsInCurrency(entry) ? entry.Amount : null;

    public decimal? BalanceIn(Entry entry)
    {
        if (!IsInCurrency(entry)) return null;
        return entry.BalanceAfter ?? (entry.Type is EntryType.Balance ? entry.Amount : null);
    }

    public bool AnyHolds(IReadOnlyList<Trigger> triggers, Fact fact, Line line) => triggers.Any(trigger => Holds(trigger, fact, line));

    /// <param name="line">With the entry's own balance already known, and without the entry itself among the past ones.</param>
    public bool Holds(Trigger trigger, Fact fact, Line line)
    {
        if (!HoldsButForSum(trigger, fact.Entry, line.Balance?.Amount)) return false;
        if (trigger.Where is not { CumulativeAtLeast: { } least, Within: { } within }) return true;
        if (AmountOf(fact.Entry) is null) return false;

        var (sum, after) = (0m, ZoneWalk.Subtract(fact.On, within));
        foreach (var past in line.Past.Add(new PastFact(fact, line.Balance?.Amount)))
        {
            if (past.Fact.On <= after || !HoldsButForSum(trigger, past.Fact.Entry, past.BalanceThen)) continue;
            sum += AmountOf(past.Fact.Entry) ?? 0;
        }

        tally.Note($"filter: cumulativeAtLeast {(sum >= least ? "holds" : "fails")}");
        return sum >= least;
    }

    public int BonusDays(Fact fact)
    {
        var promotion = product.Promotions.FirstOrDefault(promotion => promotion.Code == fact.Entry.Promotion);
        if (promotion is null || fact.On < promotion.From || fact.On > promotion.To) return 0;
        if (promotion.Channels is { } channels && !IsAmong(channels, fact.Entry.Channel)) return 0;
        if (promotion.Offers is { } offers && !(fact.Entry.Offer is { } offer && offers.Contains(offer))) return 0;
        if (promotion.Effect.BonusDays > 0) tally.Note("bonus: promised");
        return promotion.Effect.BonusDays ?? 0;
    }

    private bool HoldsButForSum(Trigger trigger, Entry entry, decimal? lastKnownBalance)
    {
        if (entry.Type != trigger.On) return false;
        if (trigger.Where is not { } where) return true;

        var balance = BalanceIn(entry) ?? lastKnownBalance;
        return Member("minAmount", where.MinAmount is not null, AmountOf(entry) >= where.MinAmount) &&
            Member("maxAmount", where.MaxAmount is not null, AmountOf(entry) <= where.MaxAmount) &&
            Member("channels", where.Channels is not null, where.Channels is { } channels && IsAmong(channels, entry.Channel)) &&
            Member("offers", where.Offers is not null, entry.Offer is { } offer && where.Offers?.Contains(offer) is true) &&
            Member("usageKinds", where.UsageKinds is not null, entry.UsageKind is { } kind && where.UsageKinds?.Contains(kind) is true) &&
            Member("direction", where.Direction is not null, entry.Direction == where.Direction) &&
            Member("chargeable", where.Chargeable is not null, entry.Chargeable == where.Chargeable) &&
            Member("paidOnly", where.PaidOnly, entry.Promotion is null) &&
            Member("balanceAtMost", where.BalanceAtMost is not null, balance <= where.BalanceAtMost) &&
            Member("balanceAtLeast", where.BalanceAtLeast is not null, balance >= where.BalanceAtLeast);
    }

    private bool Member(string name, bool isGiven, bool holds)
    {
        if (!isGiven) return true;

        tally.Note($"filter: {name} {(holds ? "holds" : "fails")}");
        return holds;
    }

    private bool IsAmong(IReadOnlyList<string> codesOrKinds, string? channel)
    {
        if (channel is null) return false;
        if (codesOrKinds.Contains(channel)) return true;

        var described = pack.Channels.FirstOrDefault(each => each.Code == channel);
        return described is not null && codesOrKinds.Contains(EnumNames.Of(described.Kind));
    }
}
