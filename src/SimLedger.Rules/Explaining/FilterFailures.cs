using SimLedger.Rules.Evaluating;

namespace SimLedger.Rules.Explaining;

/// <summary>Tests the members of a filter one at a time, to say what an entry lacks.</summary>
internal sealed class FilterFailures(LineWalk walk, Naming naming)
{
    /// <summary>A statement for each member that does not hold; empty: the trigger means the entry.</summary>
    public IReadOnlyList<Statement> Of(Trigger trigger, Clock clock, WalkedEntry walked)
    {
        if (trigger.Where is not { } where || trigger.On != walked.Taken.Entry.Type) return [];

        var failing = new List<Statement>();
        foreach (var single in Members(where))
        {
            if (!walk.Line.Matching.Matches(new Trigger(trigger.On, single), walked.Index)) failing.Add(Say(single, trigger, clock, walked));
        }

        return failing;
    }

    /// <summary>Why an extension has no term for an entry; null: it has one.</summary>
    public Statement? OfTerm(Extension extension, Clock clock, WalkedEntry walked)
    {
        var entry = walked.Taken.Entry;
        if (extension.Combine is Combine.Set) return entry.EndsOn is null ? Statement(StatementCode.EndMissing, clock, walked) : null;

        var amount = walk.Line.Matching.AmountOf(entry);
        if (ExtensionTerm.Of(extension, clock, entry, amount) is not null) return null;

        var least = extension.Tiers is [var first, ..] ? first.From : extension.PerUnit?.Amount;
        return least is { } from ? Amount(from, null, clock, walked) : Statement(StatementCode.PeriodMissing, clock, walked);
    }

    /// <summary>Filters of one member each, which hold together exactly where the whole does.</summary>
    /// <remarks>Which amounts a sum adds up depends on all members, so it stays with them.</remarks>
    private static IEnumerable<Filter> Members(Filter where)
    {
        if (where.MinAmount is not null) yield return new Filter(MinAmount: where.MinAmount);
        if (where.MaxAmount is not null) yield return new Filter(MaxAmount: where.MaxAmount);
        if (where.Channels is not null) yield return new Filter(Channels: where.Channels);
        if (where.Offers is not null) yield return new Filter(Offers: where.Offers);
        if (where.UsageKinds is not null) yield return new Filter(UsageKinds: where.UsageKinds);
        if (where.Direction is not null) yield return new Filter(Direction: where.Direction);
        if (where.Chargeable is not null) yield return new Filter(Chargeable: where.Chargeable);
        if (where.PaidOnly) yield return new Filter(PaidOnly: true);
        if (where.BalanceAtMost is not null) yield return new Filter(BalanceAtMost: where.BalanceAtMost);
        if (where.BalanceAtLeast is not null) yield return new Filter(BalanceAtLeast: where.BalanceAtLeast);
        if (where.CumulativeAtLeast is not null) yield return where;
    }

    private Statement Say(Filter single, Trigger trigger, Clock clock, WalkedEntry walked)
    {
        var entry = walked.Taken.Entry;
        return single switch
        {
            { CumulativeAtLeast: { } sum, Within: var within } => Sum(sum, within.GetValueOrDefault(), trigger, clock, walked),
            { MinAmount: { } least } => Amount(least, null, clock, walked),
            { MaxAmount: { } most } => Amount(null, most, clock, walked),
            { Channels: { } channels } => Statement(StatementCode.ChannelNotCounted, clock, walked, ("channels", new Datum.Channels(channels))),
            { Offers: { } offers } => Statement(StatementCode.OfferNotCounted, clock, walked, ("offers", new Datum.Texts(offers))),
            { UsageKinds: { } kinds } => Statement(StatementCode.UsageNotCounted, clock, walked, ("kinds", new Datum.Usage(kinds))),
            { Direction: { } direction } => Statement(
                entry.Direction is null ? StatementCode.DirectionMissing
                    : direction is Direction.Out ? StatementCode.IncomingNotCounted : StatementCode.OutgoingNotCounted,
                clock, walked),
            { Chargeable: { } chargeable } => Statement(
                entry.Chargeable is null ? StatementCode.ChargeableMissing : chargeable ? StatementCode.NotChargeable : StatementCode.NotFree, clock, walked),
            { PaidOnly: true } => Statement(StatementCode.PromotionNotCounted, clock, walked, ("promotion", Naming.Text(entry.Promotion ?? ""))),
            { BalanceAtMost: { } most } => Balance(StatementCode.BalanceTooHigh, "most", most, clock, walked),
            { BalanceAtLeast: { } least } => Balance(StatementCode.BalanceTooLow, "least", least, clock, walked),
            _ => throw new InvalidOperationException("A filter without members holds."),
        };
    }

    private Statement Amount(decimal? least, decimal? most, Clock clock, WalkedEntry walked)
    {
        var entry = walked.Taken.Entry;
        if (entry.Amount is null) return Statement(StatementCode.AmountMissing, clock, walked);
        if (walk.Line.Matching.AmountOf(entry) is null)
        {
            return Statement(StatementCode.AmountInOtherCurrency, clock, walked, ("currency", Naming.Text(naming.Currency ?? "")));
        }

        return least is { } from
            ? Statement(StatementCode.AmountTooLow, clock, walked, ("least", naming.Money(from)))
            : Statement(StatementCode.AmountTooHigh, clock, walked, ("most", naming.Money(most.GetValueOrDefault())));
    }

    private Statement Balance(StatementCode code, string name, decimal limit, Clock clock, WalkedEntry walked) =>
        walk.Line.Timeline.BalanceKnown[walked.Index] is null
            ? Statement(StatementCode.BalanceMissing, clock, walked)
            : Statement(code, clock, walked, (name, naming.Money(limit)));

    private Statement Sum(decimal least, Term within, Trigger trigger, Clock clock, WalkedEntry walked)
    {
        var matching = walk.Line.Matching;
        if (matching.AmountOf(walked.Taken.Entry) is null) return Amount(least, null, clock, walked);

        var without = trigger with { Where = trigger.Where! with { CumulativeAtLeast = null, Within = null } };
        var first = LocalCalendar.Subtract(walked.Taken.On, within);
        var sum = 0m;
        for (var i = 0; i <= walked.Index; i++)
        {
            var taken = walk.Line.Timeline.Taken[i];
            if (taken.On > first && matching.AmountOf(taken.Entry) is { } amount && matching.Matches(without, i)) sum = MoneySum.Add(sum, amount);
        }

        return Statement(
            StatementCode.SumTooLow, clock, walked, ("least", naming.Money(least)), ("within", new Datum.Length(within)), ("sum", naming.Money(sum)));
    }

    private Statement Statement(StatementCode code, Clock clock, WalkedEntry walked, params (string, Datum)[] more) => Explaining.Statement.Of(
        code, null,
        [
            ("entry", naming.Fact(walked.Taken.Entry, walked.Taken.On)), ("clock", naming.Clock(clock)),
            ("version", Naming.Text(walked.Version!.Version)), .. more,
        ]);
}
