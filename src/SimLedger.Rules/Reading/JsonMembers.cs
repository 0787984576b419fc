using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text.Json;
using NodaTime;
using NodaTime.Text;

namespace SimLedger.Rules.Reading;

/// <summary>
/// The members of one JSON object, asked for by name. What is missing or wrong becomes a finding and reads as a harmless value, so that
/// one pass over a file finds everything; whoever reads gives up the result once there is an error.
/// </summary>
internal sealed class JsonMembers
{
    private readonly Dictionary<string, JsonElement> members = [];
    private readonly HashSet<string> asked = [];
    private readonly FindingList findings;

    public JsonMembers(JsonElement element, string path, FindingList findings)
    {
        (Path, this.findings) = (path, findings);
        if (element.ValueKind is not JsonValueKind.Object)
        {
            IsObject = false;
            findings.Error(path, $"Expected an object, found {Kind(element)}.", "Write { ... } here.");
            return;
        }

        foreach (var property in element.EnumerateObject())
        {
            if (members.Count == Bounds.Members)
            {
                findings.Error(path, $"There are more than {Bounds.Members} members here.", "Remove what is not needed.");
                break;
            }

            if (NameOf(property) is not { } name)
            {
                findings.Error(path, "A member name holds half of a surrogate pair.", "Write the name in plain letters.");
            }
            else if (name.Length > Bounds.Name || name.Any(char.IsControl))
            {
                findings.Error(path, $"A member name is longer than {Bounds.Name} characters or holds a control character.", "Write a short name in plain letters.");
            }
            else if (!members.TryAdd(name, property.Value))
            {
                findings.Error(PathOf(name), $"The member \"{name}\" stands here twice.", "Keep one of the two.");
            }
        }
    }

    public string Path { get; }

    /// <summary>False: the place held something else. That was reported; the members all read as missing, without more findings.</summary>
    public bool IsObject { get; } = true;

    public IReadOnlyCollection<string> Names => members.Keys;

    public string PathOf(string name) => NeedsQuotes(name) ? $"{Path}['{name.Replace("'", "\\'", StringComparison.Ordinal)}']" : $"{Path}.{name}";

    public bool Has(string name) => members.ContainsKey(name);

    public bool IsEmptyList(string name) => members.TryGetValue(name, out var value) && value.ValueKind is JsonValueKind.Array && value.GetArrayLength() == 0;

    /// <summary>The value as it stands there, JSON null too.</summary>
    public JsonElement Raw(string name) => members[name];

    /// <summary>Reports every member that nobody asked for.</summary>
    public void RefuseOthers()
    {
        foreach (var name in members.Keys)
        {
            if (asked.Contains(name)) continue;

            var known = string.Join(", ", asked.Order(StringComparer.Ordinal));
            findings.Error(PathOf(name), $"Unknown member \"{name}\".", $"Remove it, or correct its spelling; known here: {known}.");
        }
    }

    /// <summary>A member's value; JSON null is the same as absent.</summary>
    public bool TryGet(string name, out JsonElement value)
    {
        asked.Add(name);
        return members.TryGetValue(name, out value) && value.ValueKind is not JsonValueKind.Null;
    }

    public bool TryRequire(string name, out JsonElement value)
    {
        if (TryGet(name, out value)) return true;

        if (IsObject) findings.Error(Path, $"The member \"{name}\" is missing.", $"Add \"{name}\".");
        return false;
    }

    public JsonMembers? Object(string name) => TryGet(name, out var value) ? new JsonMembers(value, PathOf(name), findings) : null;

    public JsonMembers? RequiredObject(string name) => TryRequire(name, out var value) ? new JsonMembers(value, PathOf(name), findings) : null;

    /// <returns>Null if the member is absent or no list. Of a list longer than <paramref name="most"/>, an error, only so many items are read.</returns>
    public IReadOnlyList<T>? List<T>(string name, Func<JsonElement, string, T> read, int most = Bounds.Items) =>
        TryGet(name, out var value) ? ListIn(value, PathOf(name), read, most) : null;

    public IReadOnlyList<T> RequiredList<T>(string name, Func<JsonElement, string, T> read, int most = Bounds.Items) =>
        TryRequire(name, out var value) ? ListIn(value, PathOf(name), read, most) ?? [] : [];

    public IReadOnlyList<string>? Texts(string name) => List(name, TextIn);

    public IReadOnlyList<T>? Enums<T>(string name) where T : struct, Enum => List(name, EnumIn<T>);

    public string Text(string name) => TryRequire(name, out var value) ? TextIn(value, PathOf(name)) : "";

    public string? OptionalText(string name) => TryGet(name, out var value) ? TextIn(value, PathOf(name)) : null;

    public T Enum<T>(string name) where T : struct, Enum => TryRequire(name, out var value) ? EnumIn<T>(value, PathOf(name)) : default;

    public T? OptionalEnum<T>(string name) where T : struct, Enum => TryGet(name, out var value) ? EnumIn<T>(value, PathOf(name)) : null;

    /// <returns>False if the member is missing or wrong, which is reported.</returns>
    public bool TryEnum<T>(string name, out T value) where T : struct, Enum
    {
        value = default;
        return TryRequire(name, out var written) && TryEnumIn(written, PathOf(name), out value);
    }

    public bool Flag(string name) => TryRequire(name, out var value) && FlagIn(value, PathOf(name));

    public bool? OptionalFlag(string name) => TryGet(name, out var value) ? FlagIn(value, PathOf(name)) : null;

    public LocalDate Date(string name) => TryRequire(name, out var value) ? DateIn(value, PathOf(name)).GetValueOrDefault() : default;

    public LocalDate? OptionalDate(string name) => TryGet(name, out var value) ? DateIn(value, PathOf(name)) : null;

    public decimal Money(string name) => TryRequire(name, out var value) ? MoneyIn(value, PathOf(name)) : 0;

    public decimal? OptionalMoney(string name) => TryGet(name, out var value) ? MoneyIn(value, PathOf(name)) : null;

    public int? OptionalWhole(string name, int least, int most) =>
        TryGet(name, out var value) ? WholeIn(value, PathOf(name), least, most) : null;

    /// <summary>A day of the years 1 to 9999 as ISO 8601 writes it: <c>2026-11-21</c>.</summary>
    public static bool TryDate(string text, out LocalDate date)
    {
        var parsed = LocalDatePattern.Iso.Parse(text);
        return parsed.TryGetValue(default, out date) && text.Length == 10 && date.Year >= 1;
    }

    public string TextIn(JsonElement value, string path)
    {
        if (value.ValueKind is not JsonValueKind.String)
        {
            findings.Error(path, $"Expected a text, found {Kind(value)}.", "Write a text in quotes.");
            return "";
        }

        if (StringOf(value) is not { } text)
        {
            findings.Error(path, "The text holds half of a surrogate pair.", "Write the character itself instead of \\u escapes.");
            return "";
        }

        if (string.IsNullOrWhiteSpace(text)) findings.Error(path, "The text is empty.", "Write something, or leave the member out.");
        if (text.Length > Bounds.Text) findings.Error(path, $"The text has {text.Length} characters; {Bounds.Text} are the most.", "Shorten it.");
        if (text.Any(IsUnfit)) findings.Error(path, "The text holds a control character.", "Remove it; of these only line breaks and tabs are allowed.");
        return text;
    }

    // They carry no meaning for people, and some stores and terminals stumble over them.
    private static bool IsUnfit(char c) => char.IsControl(c) && c is not ('\n' or '\r' or '\t');

    private List<T>? ListIn<T>(JsonElement value, string path, Func<JsonElement, string, T> read, int most)
    {
        if (value.ValueKind is not JsonValueKind.Array)
        {
            findings.Error(path, $"Expected a list, found {Kind(value)}.", "Write [ ... ] here.");
            return null;
        }

        var length = value.GetArrayLength();
        if (length > most) findings.Error(path, $"The list has {length} items; {most} are the most.", "Shorten it.");

        var items = new List<T>(Math.Min(length, most));
        foreach (var item in value.EnumerateArray().Take(most)) items.Add(read(item, $"{path}[{items.Count.ToString(CultureInfo.InvariantCulture)}]"));
        return items;
    }

    private T EnumIn<T>(JsonElement value, string path) where T : struct, Enum => TryEnumIn<T>(value, path, out var parsed) ? parsed : default;

    private bool TryEnumIn<T>(JsonElement value, string path, out T parsed) where T : struct, Enum
    {
        var name = value.ValueKind is JsonValueKind.String ? StringOf(value) : null;
        if (EnumNames.TryParse(name, out parsed)) return true;

        findings.Error(path, $"{Shown(value)} is none of the values known here.", $"Write one of: {string.Join(", ", EnumNames.All<T>())}.");
        return false;
    }

    private bool FlagIn(JsonElement value, string path)
    {
        if (value.ValueKind is JsonValueKind.True or JsonValueKind.False) return value.GetBoolean();

        findings.Error(path, $"Expected true or false, found {Kind(value)}.", "Write true or false without quotes.");
        return false;
    }

    private LocalDate? DateIn(JsonElement value, string path)
    {
        var text = value.ValueKind is JsonValueKind.String ? StringOf(value) : null;
        if (text is not null && TryDate(text, out var date)) return date;

        findings.Error(path, $"{Shown(value)} is no date of the calendar.", "Write year, month and day: \"2026-11-21\".");
        return null;
    }

    private decimal MoneyIn(JsonElement value, string path)
    {
        var text = value.ValueKind is JsonValueKind.String ? StringOf(value) : null;
        if (text is not null && AmountText.TryParse(text, out var amount)) return amount;

        findings.Error(path, $"{Shown(value)} is no amount.", "Write a decimal in quotes, at most 15 digits before and 6 after the point: \"12.50\".");
        return 0;
    }

    private int WholeIn(JsonElement value, string path, int least, int most)
    {
        if (value.ValueKind is JsonValueKind.Number && value.TryGetInt32(out var number) && number >= least && number <= most) return number;

        findings.Error(path, $"{Shown(value)} is no whole number from {least} to {most}.", "Write a number in that range, without quotes, point or exponent.");
        return least;
    }

    /// <returns>Null for half of a surrogate pair, which JSON can escape and no text can hold.</returns>
    public static string? StringOf(JsonElement value)
    {
        try
        {
            return value.GetString();
        }
        catch (InvalidOperationException) // How the parser says "half of a surrogate pair"; the caller reports it.
        {
            return null;
        }
    }

    private static string? NameOf(JsonProperty property)
    {
        try
        {
            return property.Name;
        }
        catch (InvalidOperationException) // As above.
        {
            return null;
        }
    }

    private static string Shown(JsonElement value)
    {
        var raw = value.GetRawText();
        return raw.Length <= 60 ? raw : raw[..60] + "...";
    }

    private static string Kind(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Object => "an object",
        JsonValueKind.Array => "a list",
        JsonValueKind.String => "a text",
        JsonValueKind.Number => "a number",
        JsonValueKind.True or JsonValueKind.False => "true or false",
        _ => "null",
    };

    private static bool NeedsQuotes([NotNull] string name)
    {
        foreach (var c in name)
        {
            if (!char.IsAsciiLetterOrDigit(c) && c is not '_') return true;
        }

        return name.Length == 0;
    }
}
