using System.Globalization;
using System.Text;
using NodaTime;
using SimLedger.Cards;
using SimLedger.Rules;

namespace SimLedger.Server.Http;

/// <summary>The query of a request, read strictly: an unknown filter would silently list too much.</summary>
public sealed class RequestQuery(HttpRequest request)
{
    private static readonly Instant EarliestMoment = Instant.FromUtc(1, 1, 1, 0, 0);

    private readonly HashSet<string> _read = new(StringComparer.Ordinal);
    private readonly List<MemberError> _errors = [];

    /// <summary>One value; null when absent.</summary>
    public string? One(string name)
    {
        _read.Add(name);
        var values = request.Query[name];
        if (values.Count > 1) Wrong(name, ValueCode.MemberTwice, "Give it once.");
        if (values.Count == 0) return null;
        if (string.IsNullOrEmpty(values[0])) Wrong(name, ValueCode.ValueEmpty, "Give a value, or leave it out.");
        else if (values[0]!.Length > 1000 || values[0]!.Contains('\0')) Wrong(name, ValueCode.TextUnusable, "At most 1,000 characters without NUL are expected.");
        else return values[0];
        return null;
    }

    /// <summary>Several values, separated by commas or given several times; null when absent. A comma that belongs to a value is written <c>\,</c> and a backslash <c>\\</c>.</summary>
    public IReadOnlyList<string>? Many(string name, int most)
    {
        _read.Add(name);
        var values = request.Query[name];
        if (values.Count == 0) return null;
        var words = values.SelectMany(v => Parts(v ?? "")).ToList();
        if (words.Count > most) Wrong(name, ValueCode.TooMany, $"At most {most} values are allowed.");
        else if (words.Any(w => w.Length is 0 or > 200 || w.Contains('\0'))) Wrong(name, ValueCode.TextUnusable, "Each value has 1 to 200 characters, without NUL.");
        else return words;
        return null;
    }

    /// <summary>Several values of those known, as <see cref="Many"/> reads them; null when absent.</summary>
    public IReadOnlyList<T>? Words<T>(string name, IReadOnlyDictionary<string, T> known)
    {
        if (Many(name, known.Count) is not { } words) return null;
        var values = new List<T>();
        foreach (var word in words)
        {
            if (known.TryGetValue(word, out var value)) values.Add(value);
            else Wrong(name, ValueCode.ValueUnknown, $"One or more of {string.Join(", ", known.Keys)} are expected.");
        }
        return values;
    }

    private static List<string> Parts(string text)
    {
        var parts = new List<string>();
        var part = new StringBuilder();
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] == '\\' && i + 1 < text.Length && text[i + 1] is (',' or '\\')) part.Append(text[++i]);
            else if (text[i] != ',') part.Append(text[i]);
            else
            {
                parts.Add(part.ToString().Trim());
                part.Clear();
            }
        }
        parts.Add(part.ToString().Trim());
        return parts;
    }

    public int Whole(string name, int least, int most, int otherwise)
    {
        if (One(name) is not { } text) return otherwise;
        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most) return number;
        Wrong(name, ValueCode.OutOfRange, $"A whole number from {least} to {most} is expected.");
        return otherwise;
    }

    /// <summary>true or false; null when absent.</summary>
    public bool? YesOrNo(string name)
    {
        if (One(name) is not { } text) return null;
        if (text is "true" or "false") return text == "true";
        Wrong(name, ValueCode.ValueUnknown, "true or false is expected.");
        return null;
    }

    /// <summary>An id: a UUID in canonical form.</summary>
    public Guid? Id(string name)
    {
        if (One(name) is not { } text) return null;
        if (Guid.TryParseExact(text, "D", out var id)) return id;
        Wrong(name, ValueCode.IdMalformed, "An id is expected: a UUID such as 0193d7c4-8a00-7000-8000-000000000001.");
        return null;
    }

    /// <summary>An instant with its offset, or a date: its start in UTC.</summary>
    public DateTimeOffset? Moment(string name)
    {
        if (Time(name, "UTC")?.ToInstant(DateTimeZone.Utc) is not { } instant) return null;
        if (instant >= EarliestMoment) return instant.ToDateTimeOffset();
        Wrong(name, ValueCode.TimeMalformed, "An instant since the year 1 in UTC is expected.");
        return null;
    }

    /// <summary>The query as it was, with another cursor: the address of the next page.</summary>
    public QueryString WithCursor(string cursor) =>
        QueryString.Create(request.Query.Where(q => q.Key != "cursor").Append(new("cursor", cursor)));

    /// <summary>A date or an instant with its offset; null when absent.</summary>
    /// <param name="zone">Whose day a date means, for people.</param>
    public EntryTime? Time(string name, string zone = "the carrier's zone")
    {
        if (One(name) is not { } text) return null;
        if (SentTime.Read(text) is { } time) return time;
        Wrong(name, ValueCode.TimeMalformed, $"A date as 2026-11-21 (its start in {zone}) or an instant as 2026-11-21T02:00:00Z is expected; write a plus sign as %2B.");
        return null;
    }

    public void Wrong(string name, ValueCode code, string detail) => _errors.Add(new MemberError(name, code, detail));

    /// <summary>Call after all were read; what was not asked for is unknown.</summary>
    public Problem? Finish()
    {
        foreach (var name in request.Query.Keys.Where(k => !_read.Contains(k)))
        {
            Wrong(RequestBody.Cut(name), ValueCode.MemberUnknown, _read.Count == 0 ? "This address takes no query. Leave it out." : $"It is not known here. Known: {string.Join(", ", _read.Order(StringComparer.Ordinal))}.");
        }
        return _errors.Count == 0 ? null : new Problem(ProblemKind.InvalidRequest, RequestBody.Summary(_errors), _errors);
    }
}
