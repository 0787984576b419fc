using SimLedger.Cards;
using SimLedger.Server.UseCases;

namespace SimLedger.Server.Importing;

/// <summary>What the undoing of imports has voided on a card.</summary>
/// <remarks>An entry that somebody found wrong must not come back with its file; one that went only because its whole import was undone may.</remarks>
internal static class UndoneFacts
{
    /// <summary>How the origin of the facts begins by which an import is undone; its id follows.</summary>
    public const string OriginPrefix = "import-undo:";

    public static IReadOnlySet<Guid> Of(LoadedCard card) => card.Facts
        .Where(fact => fact is { Type: nameof(CardEvent.EntryVoided), Data: not null } && fact.Audit.Origin.StartsWith(OriginPrefix, StringComparison.Ordinal))
        .Select(fact => ((CardEvent.EntryVoided)CardEventJson.Read(fact.Type, fact.Data!.Value.Span)).Entry)
        .ToHashSet();
}
