using System.Text.Json;
using SimLedger.Cards;
using SimLedger.Rules;
using Importance = SimLedger.Cards.Importance;

namespace SimLedger.Server.UseCases;

/// <summary>What a change of state changed on the card: members with their values before and after, as of when it took effect.</summary>
internal sealed class ChangedMembers
{
    private readonly Dictionary<Guid, List<(string Member, Guid? Line, string? Before, string? After)>> _byFact = [];

    public ChangedMembers(Card card)
    {
        foreach (var (fact, before, after) in card.Steps())
        {
            List<(string, Guid?, string?, string?)> changed = [.. Differing(Of(before), Of(after), null)];
            foreach (var line in after.Lines) changed.AddRange(Differing(Of(before.FindLine((Guid?)line.Id)), Of(line), line.Id));
            _byFact[fact.EventId] = changed;
        }
    }

    /// <summary>Writes <c>changed</c>; empty for a voided fact, and for one that said what held already. Facts that are no changes have none.</summary>
    public void Write(Utf8JsonWriter json, Guid fact)
    {
        if (!_byFact.TryGetValue(fact, out var members)) return;
        json.WriteStartArray("changed");
        foreach (var (member, line, before, after) in members)
        {
            json.WriteStartObject();
            json.WriteString("member", member);
            if (line is { } id) json.WriteString("lineId", id);
            json.WriteString("before", before);
            json.WriteString("after", after);
            json.WriteEndObject();
        }
        json.WriteEndArray();
    }

    private static IEnumerable<(string, Guid?, string?, string?)> Differing(
        IReadOnlyList<(string Member, string? Value)> before, IReadOnlyList<(string Member, string? Value)> after, Guid? line) =>
        before.Zip(after).Where(pair => pair.First.Value != pair.Second.Value).Select(pair => (pair.First.Member, line, pair.First.Value, pair.Second.Value));

    private static IReadOnlyList<(string, string?)> Of(Card card) =>
    [
        ("carrier", card.Carrier), ("formFactor", card.FormFactor is { } form ? EnumNames.Of(form) : null), ("iccid", card.Iccid), ("eid", card.Eid),
        ("simCondition", EnumNames.Of(card.SimCondition)), ("device", Text(card.Device)), ("imei", card.Imei), ("purpose", Text(card.Purpose)),
        ("importance", EnumNames.Of<Importance>(card.Importance)), ("location", Text(card.Location)), ("tags", Text(string.Join(", ", card.Tags))),
        ("owner", Text(card.Owner)), ("custodian", Text(card.Custodian)), ("notes", Text(card.Notes)), ("holder", card.Issued?.Holder),
        ("document", card.Issued?.Document), ("contact", card.Issued?.Contact), ("retired", card.IsRetired ? "true" : "false"),
    ];

    private static IReadOnlyList<(string, string?)> Of(Line? line) =>
    [
        ("number", line?.Number), ("product", line?.Product), ("region", line?.Region), ("plan", Text(line?.Plan ?? "")), ("detached", line?.IsDetached == true ? "true" : "false"),
    ];

    private static string? Text(string text) => text.Length == 0 ? null : text;
}
