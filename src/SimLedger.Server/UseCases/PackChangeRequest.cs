using System.Text;
using System.Text.Json;
using NodaTime;
using SimLedger.Cards;
using SimLedger.Ledger;
using SimLedger.Rules;
using SimLedger.Server.Http;

namespace SimLedger.Server.UseCases;

/// <summary>A change to an organisation's own rules: <c>{"pack": {…}}</c> or <c>{"withdraw": true}</c>, as sent and as stored with the job that looks at its impact.</summary>
internal static class PackChangeRequest
{
    /// <summary>Largest body, in bytes. The biggest pack that comes with the program is a twentieth of it.</summary>
    public const int MaxBytes = 512 * 1024;

    /// <summary>Deepest body: packs nest 9 levels.</summary>
    public const int MaxDepth = 32;

    /// <summary>Reads the change; what is wrong with a pack is told with where in it, and how to put it right.</summary>
    /// <param name="today">Day on which old sources are warned of.</param>
    public static (PackChange? Change, IReadOnlyList<Finding> Warnings, Problem? Problem) Read(RequestBody body, string code, LocalDate today)
    {
        var bytes = body.Raw("pack");
        var withdraw = body.YesOrNo("withdraw") ?? false;
        if (bytes is null == !withdraw) body.Wrong("pack", ValueCode.MemberMissing, "Give either pack, the rule pack itself, or \"withdraw\": true.");
        if (body.Finish() is { } wrong) return (null, [], wrong);
        if (bytes is not { } pack) return (new PackChange(code, null), [], null);

        var reading = RulePackReader.Read(pack, code, today);
        if (reading.Pack is { } read && read.Code != code)
        {
            return (null, [], Invalid([new MemberError("/pack/code", ValueCode.OtherCarrier, $"The pack is of {read.Code}, the address of {code}. Send it to its own carrier.")]));
        }
        return reading.Pack is null
            ? (null, [], Invalid([.. reading.Findings.Where(f => f.Severity is Severity.Error).Take(100).Select(f => new MemberError(Pointer(f.JsonPath), ValueCode.RulePack, $"{f.Message} {f.Cure}"))]))
            : (new PackChange(code, pack), reading.Findings, null);
    }

    /// <summary>The change as stored.</summary>
    public static ReadOnlyMemory<byte> Write(PackChange change) => JsonText.Object(json =>
    {
        json.WriteString("carrier", change.Code);
        json.WriteBoolean("withdraw", change.Body is null);
        if (change.Body is not { } body) return;
        json.WritePropertyName("pack");
        json.WriteRawValue(body.Span);
    });

    /// <summary>The change as it was stored: the very bytes that were looked at.</summary>
    public static PackChange ReadStored(ReadOnlyMemory<byte> stored)
    {
        using var document = JsonDocument.Parse(stored);
        var root = document.RootElement;
        var body = root.TryGetProperty("pack", out var pack) ? Encoding.UTF8.GetBytes(pack.GetRawText()) : (ReadOnlyMemory<byte>?)null;
        return new PackChange(root.GetProperty("carrier").GetString()!, body);
    }

    public static Problem Invalid(IReadOnlyList<MemberError> errors) => new(
        ProblemKind.RulePackInvalid, errors.Count == 1 ? $"{errors[0].Pointer}: {errors[0].Detail}" : $"The rule pack has {errors.Count} errors; each is listed in errors.", errors);

    /// <summary><c>$.products[0].name['zh-Hans']</c> as <c>/pack/products/0/name/zh-Hans</c>.</summary>
    private static string Pointer(string jsonPath)
    {
        var pointer = new StringBuilder("/pack");
        for (var at = 1; at < jsonPath.Length;)
        {
            var quoted = jsonPath.AsSpan(at).StartsWith("['");
            var end = quoted ? jsonPath.IndexOf("']", at, StringComparison.Ordinal) : jsonPath.IndexOfAny(['.', '[', ']'], at + 1);
            if (end < 0) end = jsonPath.Length;
            var name = jsonPath[(at + (quoted ? 2 : 1))..end];
            if (quoted) name = name.Replace("\\'", "'", StringComparison.Ordinal);
            pointer.Append('/').Append(name.Replace("~", "~0", StringComparison.Ordinal).Replace("/", "~1", StringComparison.Ordinal));
            at = quoted ? end + 2 : end < jsonPath.Length && jsonPath[end] == ']' ? end + 1 : end;
        }
        return pointer.ToString();
    }
}
