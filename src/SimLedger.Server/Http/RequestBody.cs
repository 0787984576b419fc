using System.Text.Json;
using NodaTime;
using NodaTime.Text;
using SimLedger.Cards;
using SimLedger.Rules;

namespace SimLedger.Server.Http;

/// <summary>
/// A JSON object of a request, read strictly: every member that is wrong, unknown or given twice is told with its pointer, all of them at
/// once. Meaning and lengths are the domain's to check; here it is types and text that can be stored at all.
/// </summary>
public sealed class RequestBody
{
    /// <summary>Largest body of a command, in bytes.</summary>
    public const int MaxBytes = 64 * 1024;

    /// <summary>Deepest body of a command.</summary>
    public const int MaxDepth = 8;

    private const int MostErrors = 100;
    private const int LongestToken = 100;

    private readonly Dictionary<string, JsonElement> _members = new(StringComparer.Ordinal);
    private readonly HashSet<string> _read = new(StringComparer.Ordinal);
    private readonly List<RequestBody> _nested = [];
    private readonly string _pointer;
    private readonly List<MemberError> _errors;
    private readonly bool _isObject;

    private RequestBody(JsonElement element, string pointer, List<MemberError> errors)
    {
        (_pointer, _errors, _isObject) = (pointer, errors, element.ValueKind == JsonValueKind.Object);
        if (!_isObject)
        {
            Note(_pointer, ValueCode.WrongType, "An object is expected.");
            return;
        }
        foreach (var member in element.EnumerateObject())
        {
            if (!TryName(member, out var name)) Note(_pointer, ValueCode.TextUnusable, "A member's name has half a surrogate pair in it. Names are plain text.");
            else if (!_members.TryAdd(name, member.Value)) Wrong(Token(name), ValueCode.MemberTwice, "This member is given twice. Give it once.");
        }
    }

    /// <summary>What was found wrong so far, over the whole body.</summary>
    public IReadOnlyList<MemberError> Errors => _errors;

    /// <summary>Reads and parses a body.</summary>
    /// <returns>The body, or the problem to answer.</returns>
    public static Task<(RequestBody? Body, ReadOnlyMemory<byte> Bytes, Problem? Problem)> Read(HttpRequest request, CancellationToken cancel) =>
        Read(request, MaxBytes, MaxDepth, cancel);

    /// <param name="maxBytes">Where a body may be larger than a command's.</param>
    public static async Task<(RequestBody? Body, ReadOnlyMemory<byte> Bytes, Problem? Problem)> Read(HttpRequest request, int maxBytes, int maxDepth, CancellationToken cancel)
    {
        if (!request.HasJsonContentType() || request.Headers.ContentEncoding.Count > 0
            || request.GetTypedHeaders().ContentType?.Charset.Value?.Trim('"') is { } charset && !charset.Equals("utf-8", StringComparison.OrdinalIgnoreCase))
        {
            return (null, default, new Problem(ProblemKind.UnsupportedMediaType, "Send the body as application/json, in UTF-8, not compressed."));
        }
        using var buffer = new MemoryStream();
        var chunk = new byte[8192];
        int read;
        while ((read = await request.Body.ReadAsync(chunk, cancel)) > 0)
        {
            buffer.Write(chunk, 0, read);
            if (buffer.Length > maxBytes) return (null, default, new Problem(ProblemKind.BodyTooLarge, $"The body is larger than {maxBytes} bytes, the most that is taken here."));
        }
        ReadOnlyMemory<byte> bytes = buffer.ToArray();
        try
        {
            using var document = JsonDocument.Parse(bytes, new JsonDocumentOptions { MaxDepth = maxDepth });
            return (new RequestBody(document.RootElement.Clone(), "", []), bytes, null);
        }
        catch (JsonException error)
        {
            var where = error.LineNumber is { } line ? $" at line {line + 1}, byte {error.BytePositionInLine + 1}" : "";
            return (null, default, new Problem(ProblemKind.InvalidRequest, $"The body is not JSON, or nested deeper than {maxDepth} levels{where}."));
        }
    }

    /// <summary>A text; null when absent or JSON null.</summary>
    public string? Text(string name)
    {
        if (Member(name) is not { } value) return null;
        if (value.ValueKind != JsonValueKind.String)
        {
            Wrong(name, ValueCode.WrongType, "A text is expected.");
            return null;
        }
        return Usable(name, value);
    }

    /// <summary>The bytes of a member as they were sent; null when absent or JSON null. What they hold is for its own reading to say.</summary>
    public ReadOnlyMemory<byte>? Raw(string name) => Member(name) is { } value ? System.Text.Encoding.UTF8.GetBytes(value.GetRawText()) : (ReadOnlyMemory<byte>?)null;

    public bool? YesOrNo(string name)
    {
        if (Member(name) is not { } value) return null;
        if (value.ValueKind is JsonValueKind.True or JsonValueKind.False) return value.GetBoolean();
        Wrong(name, ValueCode.WrongType, "true or false is expected.");
        return null;
    }

    /// <summary>The member must be there; what it holds is for its own reading to say.</summary>
    public void Need(string name)
    {
        if (Member(name) is null) Wrong(name, ValueCode.MemberMissing, "This member must be given.");
    }

    /// <summary>An id: a UUID in canonical form.</summary>
    public Guid? Id(string name)
    {
        if (Text(name) is not { } text) return null;
        if (Guid.TryParseExact(text, "D", out var id)) return id;
        Wrong(name, ValueCode.IdMalformed, "An id is expected: a UUID such as 0193d7c4-8a00-7000-8000-000000000001.");
        return null;
    }

    /// <summary>A date such as 2026-11-21.</summary>
    public LocalDate? Date(string name)
    {
        if (Text(name) is not { } text) return null;
        if (text.Length != 10 || !LocalDatePattern.Iso.Parse(text).TryGetValue(default, out var date)) Wrong(name, ValueCode.DateMalformed, "A date that exists is expected, as 2026-11-21.");
        else if (date.Year is < 1 or > 9998) Wrong(name, ValueCode.DateOutOfRange, """The year is not between 1 and 9998. Check it; leave out dates that mean "never".""");
        else return date;
        return null;
    }

    /// <summary>A date or an instant with its offset.</summary>
    public EntryTime? Time(string name)
    {
        if (Text(name) is not { } text) return null;
        if (SentTime.Read(text) is { } time) return time;
        Wrong(name, ValueCode.TimeMalformed, "A date as 2026-11-21 (in the carrier's zone) or an instant with its offset as 2026-11-21T10:00:00+08:00 is expected.");
        return null;
    }

    /// <summary>A decimal given as text.</summary>
    public decimal? Amount(string name)
    {
        if (Member(name) is not { } value) return null;
        if (value.ValueKind != JsonValueKind.String)
        {
            Wrong(name, ValueCode.WrongType, "Amounts are texts, such as \"12.50\": numbers lose their cents on the way.");
            return null;
        }
        if (Usable(name, value) is not { } text) return null;
        // A decimal has no zero below zero: it would read otherwise than it was sent.
        if (Cards.Money.TryReadAmount(text, out var amount, out var problem) && !(amount == 0 && text[0] == '-')) return amount;
        Wrong(name, problem?.Code ?? ValueCode.AmountNotDecimal, problem is null ? "Zero has no sign. Send it without." : $"{problem.Message} {problem.Cure}");
        return null;
    }

    public string? Currency(string name)
    {
        if (Text(name) is not { } text) return null;
        if (Cards.Money.TryReadCurrency(text, out var currency, out var problem)) return currency;
        Wrong(name, problem.Code, $"{problem.Message} {problem.Cure}");
        return null;
    }

    /// <summary>A length of time, <c>{"n": 3, "unit": "month"}</c>: 1 to 36,500 days, 1,200 months or 100 years.</summary>
    public Term? Period(string name)
    {
        if (Object(name) is not { } period) return null;
        period.Need("unit");
        TermUnit? unit = period.Text("unit") switch { "day" => TermUnit.Day, "month" => TermUnit.Month, "year" => TermUnit.Year, _ => null };
        var most = unit switch { TermUnit.Day => 36_500, TermUnit.Month => 1_200, _ => 100 };
        if (unit is null) period.Wrong("unit", ValueCode.ValueUnknown, "One of day, month, year is expected.");
        if (period.Member("n") is not { ValueKind: JsonValueKind.Number } n || !n.TryGetInt32(out var count) || count < 1 || count > most)
        {
            period.Wrong("n", ValueCode.OutOfRange, $"A whole number from 1 to {most} is expected.");
            return null;
        }
        return unit is { } known ? new Term(count, known) : null;
    }

    /// <summary>A whole number.</summary>
    public int? Whole(string name, int least, int most)
    {
        if (Member(name) is not { } value) return null;
        if (value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out var number) && number >= least && number <= most) return number;
        Wrong(name, value.ValueKind == JsonValueKind.Number ? ValueCode.OutOfRange : ValueCode.WrongType, $"A whole number from {least} to {most} is expected.");
        return null;
    }

    /// <summary>One of a few words.</summary>
    public T? Word<T>(string name, params ReadOnlySpan<(string Word, T Value)> words) where T : struct
    {
        if (Text(name) is not { } text) return null;
        var known = new List<string>();
        foreach (var (word, value) in words)
        {
            if (word == text) return value;
            known.Add(word);
        }
        Wrong(name, ValueCode.ValueUnknown, $"One of {string.Join(", ", known)} is expected.");
        return null;
    }

    public IReadOnlyList<string>? Texts(string name, int most)
    {
        if (Member(name) is not { } value) return null;
        if (value.ValueKind != JsonValueKind.Array)
        {
            Wrong(name, ValueCode.WrongType, "A list of texts is expected.");
            return null;
        }
        if (value.GetArrayLength() > most)
        {
            Wrong(name, ValueCode.TooMany, $"At most {most} are allowed.");
            return null;
        }
        var texts = new List<string>();
        foreach (var item in value.EnumerateArray())
        {
            var at = $"{name}/{texts.Count}";
            if (item.ValueKind != JsonValueKind.String) Wrong(at, ValueCode.WrongType, "A text is expected.");
            texts.Add(item.ValueKind == JsonValueKind.String ? Usable(at, item) ?? "" : "");
        }
        return texts;
    }

    /// <summary>A list of ids.</summary>
    public IReadOnlyList<Guid>? Ids(string name, int most)
    {
        if (Texts(name, most) is not { } texts) return null;
        var ids = new List<Guid>();
        for (var i = 0; i < texts.Count; i++)
        {
            if (Guid.TryParseExact(texts[i], "D", out var id)) ids.Add(id);
            else Wrong($"{name}/{i}", ValueCode.IdMalformed, "An id is expected: a UUID such as 0193d7c4-8a00-7000-8000-000000000001.");
        }
        return ids;
    }

    public RequestBody? Object(string name)
    {
        if (Member(name) is not { } value) return null;
        var nested = new RequestBody(value, $"{_pointer}/{name}", _errors);
        _nested.Add(nested);
        return nested;
    }

    public IReadOnlyList<RequestBody>? Objects(string name, int most)
    {
        if (Member(name) is not { } value) return null;
        if (value.ValueKind != JsonValueKind.Array)
        {
            Wrong(name, ValueCode.WrongType, "A list of objects is expected.");
            return null;
        }
        if (value.GetArrayLength() > most)
        {
            Wrong(name, ValueCode.TooMany, $"At most {most} are allowed.");
            return null;
        }
        var nested = value.EnumerateArray().Select((item, i) => new RequestBody(item, $"{_pointer}/{name}/{i}", _errors)).ToList();
        _nested.AddRange(nested);
        return nested;
    }

    /// <summary>The items of a batch, each a body of its own: what is wrong with one is told of that one, with pointers into it.</summary>
    /// <returns>With the bytes of each as they were sent; null when absent or no list, or too long.</returns>
    public IReadOnlyList<(RequestBody Body, ReadOnlyMemory<byte> Bytes)>? Batch(string name, int most)
    {
        if (Member(name) is not { } value) return null;
        if (value.ValueKind != JsonValueKind.Array)
        {
            Wrong(name, ValueCode.WrongType, "A list of objects is expected.");
            return null;
        }
        if (value.GetArrayLength() == 0 || value.GetArrayLength() > most)
        {
            Wrong(name, ValueCode.TooMany, $"1 to {most} items are taken at once. Divide the list; each part is a request with a key of its own.");
            return null;
        }
        return [.. value.EnumerateArray().Select(item => (new RequestBody(item, "", []), (ReadOnlyMemory<byte>)System.Text.Encoding.UTF8.GetBytes(item.GetRawText())))];
    }

    /// <summary>Call after all members were read: what was not asked for is unknown.</summary>
    /// <returns>The problem to answer, or null when all is well.</returns>
    public Problem? Finish()
    {
        FindUnknown();
        return _errors.Count == 0 ? null : new Problem(ProblemKind.InvalidRequest, Summary(_errors), _errors);
    }

    internal static string Summary(IReadOnlyList<MemberError> errors) =>
        errors.Count == 1 ? $"{(errors[0].Pointer.Length == 0 ? "The body" : errors[0].Pointer)}: {errors[0].Detail}" : $"{errors.Count} members are wrong; each is listed in errors.";

    private void FindUnknown()
    {
        foreach (var name in _members.Keys.Where(name => !_read.Contains(name)))
        {
            Wrong(Token(name), ValueCode.MemberUnknown, $"This member is not known. Known here: {string.Join(", ", _read.Order(StringComparer.Ordinal))}.");
        }
        foreach (var nested in _nested) nested.FindUnknown();
    }

    private JsonElement? Member(string name)
    {
        _read.Add(name);
        return _members.TryGetValue(name, out var value) && value.ValueKind != JsonValueKind.Null ? value : null;
    }

    private string? Usable(string name, JsonElement value)
    {
        string text;
        try
        {
            text = value.GetString()!;
        }
        catch (InvalidOperationException)
        {
            Wrong(name, ValueCode.TextUnusable, "The text has half a surrogate pair in it. Send whole characters.");
            return null;
        }
        if (!text.Contains('\0')) return text;
        Wrong(name, ValueCode.TextUnusable, "The text has a NUL character in it. Remove it.");
        return null;
    }

    private static bool TryName(JsonProperty member, out string name)
    {
        try
        {
            name = member.Name;
            return true;
        }
        catch (InvalidOperationException)
        {
            name = "";
            return false;
        }
    }

    /// <param name="name">A name of ours, or <see cref="Token"/> of one that was sent.</param>
    public void Wrong(string name, ValueCode code, string detail)
    {
        if (_isObject) Note($"{_pointer}/{name}", code, detail);
    }

    /// <summary>The first thing wrong with a member is the one to mend; what follows from it would only be noise.</summary>
    private void Note(string pointer, ValueCode code, string detail)
    {
        if (_errors.Count < MostErrors && !_errors.Exists(known => known.Pointer == pointer)) _errors.Add(new MemberError(pointer, code, detail));
    }

    /// <summary>A name that was sent, as a pointer takes it (RFC 6901).</summary>
    private static string Token(string name) => Cut(name).Replace("~", "~0", StringComparison.Ordinal).Replace("/", "~1", StringComparison.Ordinal);

    /// <summary>A name that was sent, cut where nobody reads on, and not within a character.</summary>
    internal static string Cut(string name) =>
        name.Length <= LongestToken ? name : name[..(char.IsHighSurrogate(name[LongestToken - 1]) ? LongestToken - 1 : LongestToken)];
}
