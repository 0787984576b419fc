namespace SimLedger.Rules.Reading;

/// <summary>The channels that other parts of a pack may name: by code or by kind.</summary>
internal sealed class ChannelReferences(IReadOnlyList<Channel> channels, FindingList findings)
{
    private readonly HashSet<string> known = [.. channels.Select(channel => channel.Code), .. EnumNames.All<ChannelKind>()];

    /// <returns>Null: all channels.</returns>
    public IReadOnlyList<string>? Read(JsonMembers members)
    {
        findings.DoubtEmpty(members, "channels");
        var named = members.Texts("channels");
        for (var i = 0; i < named?.Count; i++)
        {
            if (named[i].Length > 0 && !known.Contains(named[i]))
            {
                findings.Undescribed(
                    $"{members.PathOf("channels")}[{i}]",
                    $"No channel has the code or kind \"{named[i]}\".",
                    "Describe it under \"channels\", or correct the name.");
            }
        }

        return named;
    }
}
