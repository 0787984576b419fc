using NodaTime;

namespace SimLedger.Rules;

/// <summary>
/// When a number of one carrier is lost and what keeps it, as data: rule pack format 1. Read by <see cref="RulePackReader"/>,
/// which is where its promises (known references, no forbidden combination) are checked.
/// </summary>
/// <param name="Code">Lower case, country first: <c>ph-tm</c>.</param>
/// <param name="Aliases">Other names of the same carrier; see <see cref="CarrierName"/> for how they are compared.</param>
/// <param name="Country">ISO 3166-1 alpha-2.</param>
/// <param name="Zone">All dates of the pack are local dates of this zone.</param>
/// <param name="Wording">The carrier's own words for our actions.</param>
public sealed record RulePack(
    string Code,
    TextByLanguage Name,
    IReadOnlyList<string> Aliases,
    string Country,
    DateTimeZone Zone,
    IReadOnlyDictionary<EntryType, TextByLanguage> Wording,
    IReadOnlyList<Contact> Contacts,
    IReadOnlyList<Channel> Channels,
    IReadOnlyList<Product> Products)
{
    /// <summary>The only value of <c>format</c> that this version reads.</summary>
    public const string Format = "simledger.rulepack/1";

    /// <summary>Stands in for a carrier that has no pack: the carrier's own word still gives a date, by universal time, and all else is rule unknown.</summary>
    public static readonly RulePack WithoutRules = new(
        "unknown", new TextByLanguage(new Dictionary<string, string> { ["en"] = "Unknown carrier" }), [], "ZZ", DateTimeZone.Utc,
        new Dictionary<EntryType, TextByLanguage>(), [], [], []);

    /// <returns>Null if the pack has no such product.</returns>
    public Product? FindProduct(string code)
    {
        for (var i = 0; i < Products.Count; i++)
        {
            if (Products[i].Code == code) return Products[i];
        }

        return null;
    }

    /// <returns>Null if no code is given or the pack has no such channel.</returns>
    public Channel? FindChannel(string? code)
    {
        for (var i = 0; i < Channels.Count; i++)
        {
            if (Channels[i].Code == code) return Channels[i];
        }

        return null;
    }
}
