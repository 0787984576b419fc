using System.Text.Json;
using System.Text.RegularExpressions;
using NodaTime;

namespace SimLedger.Rules.Reading;

/// <summary>Reads sections 1 and 2 of the format: the carrier and its channels.</summary>
internal sealed partial class PackReading(FindingList findings)
{
    private static readonly string[] WeekDays = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];

    public RulePack Read(JsonElement element, string path)
    {
        var members = new JsonMembers(element, path, findings);
        if (members.Text("format") is { Length: > 0 } format and not RulePack.Format)
        {
            findings.Error(members.PathOf("format"), $"\"{format}\" is no format that can be read.", $"Write \"{RulePack.Format}\".");
        }

        var code = Shaped(members, "code", CarrierCode(), "Write the country in two small letters, then a name: \"ph-tm\".");
        var name = Translated(members, "name", required: true)!;
        var aliases = members.Texts("aliases") ?? [];
        RefuseRepeatedAliases(aliases, members.PathOf("aliases"));
        var country = Shaped(members, "country", TwoCapitals(), "Write the two capital letters of ISO 3166-1.");
        var zone = Zone(members);
        var wording = Wording(members);
        var contacts = members.List("contacts", Contact) ?? [];
        var channels = members.List("channels", Channel, Bounds.Channels) ?? [];
        Unique(channels, channel => channel.Code, members.PathOf("channels"), "code", findings);

        var references = new ChannelReferences(channels, findings);
        var products = members.RequiredList("products", new ProductReading(references, findings).Read, Bounds.Products);
        Unique(products, product => product.Code, members.PathOf("products"), "code", findings);
        members.RefuseOthers();

        return new RulePack(code, name, aliases, country, zone, wording, contacts, channels, products);
    }

    /// <summary>A text by language; null only if it is not required and absent.</summary>
    public TextByLanguage? Translated(JsonMembers members, string name, bool required)
    {
        var texts = required ? members.RequiredObject(name) : members.Object(name);
        if (texts is null) return required ? new TextByLanguage(new Dictionary<string, string>()) : null;

        var byLanguage = Languages(texts).ToDictionary(language => language, texts.Text);
        if (byLanguage.Count == 0 && texts.IsObject) findings.Error(texts.Path, "The text is in no language.", "Write at least { \"en\": \"...\" }.");
        return new TextByLanguage(byLanguage);
    }

    /// <summary>Reports every code after the first of its kind.</summary>
    public static void Unique<T>(IReadOnlyList<T> items, Func<T, string> codeOf, string path, string member, FindingList findings)
    {
        var seen = new HashSet<string>();
        for (var i = 0; i < items.Count; i++)
        {
            var code = codeOf(items[i]);
            if (code.Length > 0 && !seen.Add(code))
            {
                findings.Error($"{path}[{i}].{member}", $"\"{code}\" was used before in this list.", "Give it a name of its own, or remove it.");
            }
        }
    }

    private void RefuseRepeatedAliases(IReadOnlyList<string> aliases, string path)
    {
        var claimed = new Dictionary<string, string>();
        for (var i = 0; i < aliases.Count; i++)
        {
            if (claimed.TryAdd(CarrierName.Comparable(aliases[i]), aliases[i])) continue;

            findings.Error(
                $"{path}[{i}]",
                $"\"{aliases[i]}\" and \"{claimed[CarrierName.Comparable(aliases[i])]}\" are one alias: case, spaces and full-width forms do not count.",
                "Keep one of the two.");
        }
    }

    private IEnumerable<string> Languages(JsonMembers texts)
    {
        foreach (var language in texts.Names)
        {
            if (!LanguageTag().IsMatch(language))
            {
                findings.Error(texts.PathOf(language), $"\"{language}\" is no language.", "Write a BCP 47 tag: \"en\", \"zh-Hans\".");
            }

            yield return language;
        }
    }

    private string Shaped(JsonMembers members, string name, Regex shape, string cure)
    {
        var text = members.Text(name);
        if (text.Length > 0 && !shape.IsMatch(text)) findings.Error(members.PathOf(name), $"\"{text}\" has not the shape of \"{name}\".", cure);
        return text;
    }

    private DateTimeZone Zone(JsonMembers members)
    {
        var id = members.Text("timeZone");
        if (DateTimeZoneProviders.Tzdb.Ids.Contains(id)) return DateTimeZoneProviders.Tzdb[id];

        if (id.Length > 0) findings.Error(members.PathOf("timeZone"), $"\"{id}\" is no time zone.", "Write an IANA zone: \"Asia/Manila\".");
        return DateTimeZone.Utc;
    }

    private Dictionary<EntryType, TextByLanguage> Wording(JsonMembers members)
    {
        var wording = new Dictionary<EntryType, TextByLanguage>();
        if (members.Object("wording") is not { } actions) return wording;

        foreach (var action in EnumNames.All<EntryType>())
        {
            if (EnumNames.TryParse<EntryType>(action, out var type) && Translated(actions, action, required: false) is { } text) wording[type] = text;
        }

        actions.RefuseOthers();
        return wording;
    }

    private Contact Contact(JsonElement element, string path)
    {
        var members = new JsonMembers(element, path, findings);
        var contact = new Contact(members.Enum<ContactKind>("kind"), members.Text("value"), members.OptionalText("hours"));
        members.RefuseOthers();
        return contact;
    }

    private Channel Channel(JsonElement element, string path)
    {
        var members = new JsonMembers(element, path, findings);
        var channel = new Channel(
            members.Text("code"),
            members.Enum<ChannelKind>("kind"),
            members.Flag("online"),
            members.Enum<ChannelTrust>("trust"),
            Translated(members, "name", required: false),
            members.OptionalText("url"),
            Steps(members),
            members.Enums<ChannelNeed>("needs") ?? [],
            members.Texts("asksFor") ?? [],
            members.OptionalWhole("creditTakesDays", 0, Rules.Channel.MaxDays) ?? 0,
            members.OptionalWhole("leadDays", 0, Rules.Channel.MaxDays) ?? 0,
            members.List("closedOn", WeekDay) ?? [],
            members.OptionalPrice("minAmount", findings),
            members.OptionalPrice("maxAmount", findings),
            Fee(members));
        members.RefuseOthers();

        if (channel.ClosedOn.Distinct().Count() == 7)
        {
            findings.Error(members.PathOf("closedOn"), "The channel is closed on all seven days.", "Leave out the days on which it is open, or the channel.");
        }

        RequireOrder(channel.MinAmount, channel.MaxAmount, members, "minAmount", "maxAmount", findings);
        return channel;
    }

    public static void RequireOrder<T>(T? least, T? most, JsonMembers members, string leastName, string mostName, FindingList findings)
        where T : struct, IComparable<T>
    {
        if (least is { } low && most is { } high && high.CompareTo(low) < 0)
        {
            findings.Error(members.PathOf(mostName), $"\"{mostName}\" is before \"{leastName}\".", "Exchange them, or correct one.");
        }
    }

    private Dictionary<string, IReadOnlyList<string>> Steps(JsonMembers members) =>
        members.Object("steps") is { } steps
            ? Languages(steps).ToDictionary(language => language, language => steps.RequiredList(language, steps.TextIn))
            : [];

    private IsoDayOfWeek WeekDay(JsonElement element, string path)
    {
        var day = element.ValueKind is JsonValueKind.String ? Array.IndexOf(WeekDays, JsonMembers.StringOf(element)) : -1;
        if (day >= 0) return (IsoDayOfWeek)(day + 1);

        findings.Error(path, "This is no day of the week.", $"Write one of: {string.Join(", ", WeekDays)}.");
        return IsoDayOfWeek.Monday;
    }

    private ChannelFee? Fee(JsonMembers members)
    {
        if (members.Object("fee") is not { } fee) return null;

        var read = new ChannelFee(fee.Price("amount", findings), fee.Currency("currency", findings));
        fee.RefuseOthers();
        return read;
    }

    [GeneratedRegex("^[a-z]{2}-[a-z0-9]+(-[a-z0-9]+)*\\z", RegexOptions.CultureInvariant)]
    private static partial Regex CarrierCode();

    [GeneratedRegex("^[A-Z]{2}\\z", RegexOptions.CultureInvariant)]
    private static partial Regex TwoCapitals();

    [GeneratedRegex("^[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*\\z", RegexOptions.CultureInvariant)]
    private static partial Regex LanguageTag();
}
