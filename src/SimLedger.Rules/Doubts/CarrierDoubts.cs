using SimLedger.Rules.Reading;

namespace SimLedger.Rules.Doubts;

/// <summary>The carrier itself: its code, and how people reach it.</summary>
internal static class CarrierDoubts
{
    public static void Find(RulePack pack, string path, FindingList findings)
    {
        FindOtherCountry(pack, path, findings);
        if (pack.Contacts.Count == 0 && pack.Channels.Count == 0)
        {
            findings.Warning(path, "The pack has neither contacts nor channels, so nobody is told where to act.", "Write at least the carrier's site or hotline under \"contacts\".");
        }

        if (pack.Products.Count == 0) findings.Warning($"{path}.products", "The pack has no product, so no line can use it.", "Describe at least one.");

        for (var i = 0; i < pack.Contacts.Count; i++)
        {
            if (pack.Contacts[i].Kind is ContactKind.Site) WebAddress.FindUnsafe(pack.Contacts[i].Value, $"{path}.contacts[{i}].value", findings);
        }

        for (var i = 0; i < pack.Channels.Count; i++)
        {
            WebAddress.FindUnsafe(pack.Channels[i].Url, $"{path}.channels[{i}].url", findings);
            FindAmbiguousCode(pack.Channels[i], $"{path}.channels[{i}].code", findings);
        }
    }

    // XA to XZ are no country's: ISO 3166 leaves them to its users, and examples are written with them.
    private static void FindOtherCountry(RulePack pack, string path, FindingList findings)
    {
        if (pack.Code[0] == 'x' || pack.Code.StartsWith(pack.Country, StringComparison.OrdinalIgnoreCase)) return;

        findings.Warning($"{path}.code", $"\"{pack.Code}\" does not start with the country {pack.Country}.", "Write the carrier's country first, or correct \"country\".");
    }

    private static void FindAmbiguousCode(Channel channel, string path, FindingList findings)
    {
        if (!EnumNames.TryParse<ChannelKind>(channel.Code, out var kind) || kind == channel.Kind) return;

        findings.Warning(
            path,
            $"\"{channel.Code}\" is also a kind of channel, and not this one's: a rule that names it means both.",
            "Give the channel a code of its own.");
    }
}
