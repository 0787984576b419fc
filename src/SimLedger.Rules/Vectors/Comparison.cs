using System.Globalization;
using System.Text.Json;
using NodaTime;
using NodaTime.Text;
using SimLedger.Rules.Reading;

namespace SimLedger.Rules.Vectors;

/// <summary>One member that was compared. Both values as JSON.</summary>
internal readonly record struct ComparedMember(string Member, string Expected, string Actual, bool Holds);

/// <summary>Compares what a vector expects with a result: objects by the members named, lists by position and length, null as absent.</summary>
/// <param name="compared">Takes every member compared, also those that hold; null: only mismatches are kept.</param>
internal sealed class Comparison(FindingList findings, List<ComparedMember>? compared = null)
{
    private readonly List<VectorMismatch> mismatches = [];

    public IReadOnlyList<VectorMismatch> Mismatches => mismatches;

    /// <param name="member">Path in the standing.</param>
    /// <param name="path">Path in the file.</param>
    public void Compare(JsonElement expected, object? actual, string member, string path)
    {
        switch (actual)
        {
            case Dictionary<string, object?> amount when member == "balance" && expected.ValueKind is JsonValueKind.String:
                Compare(expected, amount["amount"], member, path);
                break;
            case Dictionary<string, object?> members when expected.ValueKind is JsonValueKind.Object:
                CompareMembers(expected, members, member, path);
                break;
            case IReadOnlyList<object?> items when expected.ValueKind is JsonValueKind.Array && expected.GetArrayLength() == items.Count:
                if (items.Count == 0) compared?.Add(new ComparedMember(member, "[]", "[]", Holds: true));
                for (var i = 0; i < items.Count; i++) Compare(expected[i], items[i], $"{member}[{i}]", $"{path}[{i}]");
                break;
            default:
                CompareValue(expected, actual, member);
                break;
        }
    }

    private void CompareValue(JsonElement expected, object? actual, string member)
    {
        var holds = IsEqual(expected, actual);
        if (holds && compared is null) return;

        var mismatch = new VectorMismatch(member, expected.GetRawText().ReplaceLineEndings(" "), Json(actual));
        if (!holds) mismatches.Add(mismatch);
        compared?.Add(new ComparedMember(member, mismatch.Expected, mismatch.Actual, holds));
    }

    private void CompareMembers(JsonElement expected, Dictionary<string, object?> actual, string member, string path)
    {
        var named = new JsonMembers(expected, path, findings);
        foreach (var name in named.Names)
        {
            if (actual.TryGetValue(name, out var value))
            {
                Compare(named.Raw(name), value, member.Length == 0 ? name : $"{member}.{name}", named.PathOf(name));
            }
            else
            {
                findings.Error(named.PathOf(name), $"A standing has no member \"{name}\" here.", $"Write one of: {string.Join(", ", actual.Keys)}.");
            }
        }
    }

    private static bool IsEqual(JsonElement expected, object? actual)
    {
        if (actual is null || expected.ValueKind is JsonValueKind.Null) return actual is null && expected.ValueKind is JsonValueKind.Null;

        var text = expected.ValueKind is JsonValueKind.String ? JsonMembers.StringOf(expected) : null;
        return actual switch
        {
            string name => text == name,
            LocalDate date => text == LocalDatePattern.Iso.Format(date),
            Instant instant => text is not null && IsWrittenAs(instant, text),
            decimal amount => AmountText.TryParse(text ?? expected.GetRawText(), out var worth) && worth == amount,
            int number => expected.ValueKind is JsonValueKind.Number && expected.TryGetInt32(out var whole) && whole == number,
            bool flag => expected.ValueKind == (flag ? JsonValueKind.True : JsonValueKind.False),
            _ => false,
        };
    }

    private static bool IsWrittenAs(Instant instant, string text) =>
        WrittenInstant.TryRead(OffsetDateTimePattern.Rfc3339, text, out var parsed) && EntryTime.At(parsed).ToInstant(DateTimeZone.Utc) == instant;

    private static string Json(object? value) => value switch
    {
        null => "null",
        Dictionary<string, object?> members => $"{{{string.Join(", ", members.Where(member => member.Value is not null).Select(MemberJson))}}}",
        IReadOnlyList<object?> items => $"[{string.Join(", ", items.Select(Json))}]",
        LocalDate date => $"\"{LocalDatePattern.Iso.Format(date)}\"",
        Instant instant => $"\"{InstantPattern.ExtendedIso.Format(instant)}\"",
        decimal amount => $"\"{amount.ToString(CultureInfo.InvariantCulture)}\"",
        int number => number.ToString(CultureInfo.InvariantCulture),
        bool flag => flag ? "true" : "false",
        _ => JsonSerializer.Serialize(value.ToString()),
    };

    private static string MemberJson(KeyValuePair<string, object?> member) => $"\"{member.Key}\": {Json(member.Value)}";
}
