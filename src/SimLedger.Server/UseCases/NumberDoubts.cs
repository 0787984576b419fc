using SimLedger.Cards;
using SimLedger.Ledger;
using SimLedger.Ledger.Tenancy;

namespace SimLedger.Server.UseCases;

/// <summary>What may be wrong with a number that a card takes: it is recorded all the same, and told to whoever sent it.</summary>
public sealed class NumberDoubts(HeldNames names)
{
    /// <summary>Look-alikes told of one number: with more, the fleet has numbers in a row and nobody would read on.</summary>
    private const int MostLookAlikes = 3;

    /// <param name="taken">Identifiers that the card did not hold before.</param>
    public async Task<IReadOnlyList<Warning>> About(TenantId tenant, Guid cardId, IReadOnlyList<Cards.Reservation> taken, CancellationToken cancel)
    {
        List<Warning> warnings = [];
        foreach (var number in taken.Where(name => name.Kind == Cards.Reservation.Number).Select(name => name.Value))
        {
            if (PhoneNumber.HasUnusualLength(number)) warnings.Add(new Warning(WarningKind.UnusualLength) { Number = number });
            var alike = await names.Holders(tenant, [.. PhoneNumber.LookAlikes(number).Select(other => new Ledger.Reservation(Cards.Reservation.Number, other))], cancel);
            warnings.AddRange(alike
                .Where(held => held.Value != cardId)
                .OrderBy(held => held.Key.Value, StringComparer.Ordinal)
                .Take(MostLookAlikes)
                .Select(held => new Warning(WarningKind.LookAlikeNumber) { Number = held.Key.Value, Card = held.Value }));
        }
        return warnings;
    }
}
