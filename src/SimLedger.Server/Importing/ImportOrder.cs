using System.Globalization;
using SimLedger.Cards;
using SimLedger.Ledger;
using SimLedger.Ledger.Tenancy;
using SimLedger.Server.UseCases;

namespace SimLedger.Server.Importing;

/// <summary>What is to be imported, for whom.</summary>
/// <param name="Id">Kept with every fact as its causation: by it the import is taken up again, and undone.</param>
/// <param name="Origin"><c>import:</c> and the file's name.</param>
/// <param name="Reason">What the actor said of it.</param>
/// <param name="DryRun">Decide every row, record nothing.</param>
public sealed record ImportOrder(TenantId Tenant, Guid Id, string Actor, string Origin, string? Reason = null, bool DryRun = false)
{
    /// <summary>How the origin of every fact of an import begins, but for that of the demo.</summary>
    public const string OriginPrefix = "import:";

    private const string RowPrefix = "row ";

    /// <summary>What facts of a row are kept with: the row is told in the reason.</summary>
    public CommandContext ContextOf(int row) => new(
        Tenant, new AuditContext(Actor, Origin, CausationId: Id.ToString("D"), Reason: string.Create(CultureInfo.InvariantCulture, $"{RowPrefix}{row}{(Reason is null ? "" : ": ")}{Reason}")));

    /// <summary>What an earlier attempt at this import, which was broken off, has done to the card.</summary>
    public EarlierAttempt EarlierOn(LoadedCard card, int row)
    {
        var id = Id.ToString("D");
        var facts = card.Facts.Where(fact => fact.Audit.CausationId == id).Select(fact => (Row: RowOf(fact.Audit.Reason), fact.Type)).ToList();
        return new EarlierAttempt(
            facts.Exists(f => f.Row == row),
            facts.Exists(f => f.Row == row && (f.Type is nameof(CardEvent.CardRegistered) or nameof(CardEvent.LineAttached))),
            facts.Exists(f => f.Row >= row));
    }

    private static int RowOf(string? reason)
    {
        if (reason is null || !reason.StartsWith(RowPrefix, StringComparison.Ordinal)) return 0;
        var digits = reason.AsSpan(RowPrefix.Length);
        var end = digits.IndexOf(':');
        return int.TryParse(end < 0 ? digits : digits[..end], NumberStyles.None, CultureInfo.InvariantCulture, out var row) ? row : 0;
    }
}

/// <param name="RecordedRow">It recorded facts of this row.</param>
/// <param name="Created">They brought a card or a line.</param>
/// <param name="PassedRow">It came to this row or past it: the rows of a card are done in their order.</param>
public sealed record EarlierAttempt(bool RecordedRow, bool Created, bool PassedRow);
