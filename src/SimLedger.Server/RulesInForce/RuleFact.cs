using System.Security.Cryptography;
using System.Text;
using SimLedger.Ledger;
using SimLedger.Server.Http;

namespace SimLedger.Server.RulesInForce;

/// <summary>
/// The fact that an organisation changed its own rules; one stream per carrier. Names and members are the stored format: docs/adr/0003-event-versioning.md
/// </summary>
internal static class RuleFact
{
    public const string Published = "RulePackPublished";
    public const string Withdrawn = "RulePackWithdrawn";

    public static readonly IReadOnlyList<string> Types = [Published, Withdrawn];

    /// <summary>The stream of a carrier's rules within an organisation: a name-based UUID, so that nothing has to be looked up to find it.</summary>
    public static Guid Stream(string code)
    {
        var bytes = SHA256.HashData(Encoding.UTF8.GetBytes($"simledger.rules/{code}"))[..16];
        bytes[6] = (byte)((bytes[6] & 0x0F) | 0x80); // RFC 9562, version 8: made by a rule of our own
        bytes[8] = (byte)((bytes[8] & 0x3F) | 0x80);
        return new Guid(bytes, bigEndian: true);
    }

    /// <param name="revision">That the rules get by it.</param>
    /// <param name="impact">The job that looked at its impact before.</param>
    public static NewEvent Of(PackChange change, Guid id, long revision, Guid impact, long lines, long moved) => new(
        id, change.Body is null ? Withdrawn : Published,
        JsonText.Object(json =>
        {
            json.WriteString("carrier", change.Code);
            json.WriteNumber("revision", revision);
            if (change.Body is { } body) json.WriteString("hash", Convert.ToHexStringLower(SHA256.HashData(body.Span)));
            json.WriteString("impact", impact);
            json.WriteNumber("lines", lines);
            json.WriteNumber("moved", moved);
        }));
}
