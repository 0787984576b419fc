using NodaTime;
using SimLedger.Cards;
using SimLedger.Rules;

namespace SimLedger.Server.DueList;

/// <summary>What the carrier showed, held against what the rules tell.</summary>
internal static class StatusCheck
{
    /// <summary>The last check up to an instant saw another stage than the rules told for that moment, and nothing was recorded of the line since.</summary>
    public static bool Differs(Card card, Line line, RulePack pack, Instant asOf)
    {
        (Instant At, CardEvent.LineEntry Entry)? last = null;
        var checks = false;
        foreach (var fact in line.EntriesInForce)
        {
            var entry = (CardEvent.LineEntry)fact.Event;
            checks |= entry is CardEvent.StatusChecked { State: not null };
            // What was seen along with a stage, an end date or a balance, settles nothing.
            if (entry is CardEvent.StatusChecked { State: null } or CardEvent.BalanceObserved) continue;
            var at = entry.At.ToInstant(pack.Zone);
            if (at > asOf || at < card.CarrierSince) continue;
            // An end date told at the very time was part of the check.
            if (last is null || at > last.Value.At || (at == last.Value.At && entry is not CardEvent.CarrierStatedExpiry)) last = (at, entry);
        }
        if (!checks || last is not { Entry: CardEvent.StatusChecked { State: { } seen } } check) return false;

        return Evaluator.Evaluate(pack, Appraisal.QuestionOf(card, line, pack, check.At)).Stage != seen;
    }

    /// <summary>When an entry that is still to come takes effect, and <see cref="Differs"/> may change with it; null: none is.</summary>
    /// <remarks>A date that was today where the carrier was thought to be lies ahead in the zone of the one that it turned out to be.</remarks>
    public static Instant? HoldsUntil(Line line, RulePack pack, Instant now)
    {
        Instant? next = null;
        var checks = false;
        foreach (var fact in line.EntriesInForce)
        {
            var entry = (CardEvent.LineEntry)fact.Event;
            checks |= entry is CardEvent.StatusChecked { State: not null };
            var at = entry.At.ToInstant(pack.Zone);
            if (at > now && (next is null || at < next)) next = at;
        }
        return checks ? next : null;
    }
}
