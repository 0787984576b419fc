using System.Diagnostics;
using System.Text.Json;
using SimLedger.Cards;

namespace SimLedger.Server.Http;

/// <summary>A way to fail. The code is the contract and has a section in docs/problems.md; the title is for people.</summary>
public sealed record ProblemKind(string Code, int Status, string Title)
{
    public static readonly ProblemKind InvalidRequest = new("invalid-request", 400, "The request is not as it must be.");
    public static readonly ProblemKind IdempotencyKeyMissing = new("idempotency-key-missing", 400, "The header Idempotency-Key is missing.");
    public static readonly ProblemKind IdempotencyKeyMalformed = new("idempotency-key-malformed", 400, "The header Idempotency-Key cannot be used.");
    public static readonly ProblemKind CursorUnusable = new("cursor-unusable", 400, "The cursor does not belong to this list.");
    public static readonly ProblemKind Unauthenticated = new("unauthenticated", 401, "No valid API key was given.");
    public static readonly ProblemKind ScopeMissing = new("scope-missing", 403, "The API key may not do this.");
    public static readonly ProblemKind NotFound = new("not-found", 404, "There is nothing at this address.");
    public static readonly ProblemKind CardNotFound = new("card-not-found", 404, "There is no such card.");
    public static readonly ProblemKind CarrierNotFound = new("carrier-not-found", 404, "There is no rule pack of this carrier.");
    public static readonly ProblemKind JobNotFound = new("job-not-found", 404, "There is no such job.");
    public static readonly ProblemKind JobWithoutResult = new("job-without-result", 409, "The job has no result.");
    public static readonly ProblemKind ImportNotFound = new("import-not-found", 404, "There is no such import.");
    public static readonly ProblemKind ImportsOpen = new("imports-open", 409, "Too many imports are under way.");
    public static readonly ProblemKind ImportUnderWay = new("import-under-way", 409, "The import has not ended.");
    public static readonly ProblemKind RulesChanged = new("rules-changed", 409, "The rules have changed meanwhile.");
    public static readonly ProblemKind MethodNotAllowed = new("method-not-allowed", 405, "This address does not take this method.");
    public static readonly ProblemKind RequestInFlight = new("request-in-flight", 409, "The same request is still being worked on.");
    public static readonly ProblemKind IdentifierTaken = new("identifier-taken", 409, "Another card holds this identifier.");
    public static readonly ProblemKind CardBusy = new("card-busy", 409, "The card is being changed by others all the time.");
    public static readonly ProblemKind CardFull = new("card-full", 409, "The card can hold no more facts.");
    public static readonly ProblemKind VersionMismatch = new("version-mismatch", 412, "The card has changed since you read it.");
    public static readonly ProblemKind BodyTooLarge = new("body-too-large", 413, "The body is too large.");
    public static readonly ProblemKind UnsupportedMediaType = new("unsupported-media-type", 415, "The body is of a type that is not taken here.");
    public static readonly ProblemKind IdempotencyKeyReused = new("idempotency-key-reused", 422, "The idempotency key belongs to another request.");
    public static readonly ProblemKind FileUnusable = new("file-unusable", 422, "The file cannot be imported.");
    public static readonly ProblemKind RulePackInvalid = new("rule-pack-invalid", 422, "The rule pack cannot be used.");
    public static readonly ProblemKind ImpactMissing = new("impact-missing", 422, "The impact of this change has not been looked at.");
    public static readonly ProblemKind PlanTooLarge = new("plan-too-large", 422, "The plan is of too many lines.");
    public static readonly ProblemKind PositionBeyondHead = new("position-beyond-head", 422, "The feed does not go as far as that position.");
    public static readonly ProblemKind DueListTooLarge = new("due-list-too-large", 422, "The due list of that time is of too many lines.");
    public static readonly ProblemKind Internal = new("internal-error", 500, "The server failed.");
    public static readonly ProblemKind Busy = new("busy", 503, "The server cannot take the request now.");
    public static readonly ProblemKind OutcomeUnknown = new("outcome-unknown", 503, "Whether the request took effect is not known.");
    public static readonly ProblemKind DatabaseUnavailable = new("database-unavailable", 503, "The database cannot be reached.");

    public static readonly ProblemKind NotAcceptable = new("not-acceptable", 406, "The answer cannot be given in a form that the client takes.");
    public static readonly ProblemKind RequestTooSlow = new("request-too-slow", 408, "The request came too slowly.");
    public static readonly ProblemKind UriTooLong = new("uri-too-long", 414, "The address is too long.");
    public static readonly ProblemKind HeadersTooLarge = new("headers-too-large", 431, "The headers are too large.");

    /// <summary>Every way to fail that is not a refusal of the domain.</summary>
    public static readonly IReadOnlyList<ProblemKind> All =
    [
        InvalidRequest,
        IdempotencyKeyMissing,
        IdempotencyKeyMalformed,
        CursorUnusable,
        Unauthenticated,
        ScopeMissing,
        NotFound,
        CardNotFound,
        CarrierNotFound,
        JobNotFound,
        JobWithoutResult,
        ImportNotFound,
        ImportsOpen,
        ImportUnderWay,
        RulesChanged,
        MethodNotAllowed,
        RequestInFlight,
        IdentifierTaken,
        CardBusy,
        CardFull,
        VersionMismatch,
        BodyTooLarge,
        UnsupportedMediaType,
        IdempotencyKeyReused,
        FileUnusable,
        RulePackInvalid,
        ImpactMissing,
        PlanTooLarge,
        PositionBeyondHead,
        DueListTooLarge,
        Internal,
        Busy,
        OutcomeUnknown,
        DatabaseUnavailable,
        NotAcceptable,
        RequestTooSlow,
        UriTooLong,
        HeadersTooLarge,
    ];

    /// <summary>Its page: a section of docs/problems.md.</summary>
    public string Type => $"https://simledger.example/problems/{Code}";
}

/// <summary>One thing that is wrong with a member of the request.</summary>
/// <param name="Pointer">JSON Pointer (RFC 6901) into the body; for a query parameter or header its name.</param>
/// <param name="Code">Kebab-case.</param>
/// <param name="Detail">What is wrong and what would be right.</param>
public sealed record MemberError(string Pointer, ValueCode Code, string Detail);

/// <summary>An answer that says what went wrong, as RFC 9457 problem details. No SQL, no stack traces, no foreign data.</summary>
public sealed class Problem(ProblemKind kind, string detail, IReadOnlyList<MemberError>? errors = null) : IResult
{
    public ProblemKind Kind { get; } = kind;

    public TimeSpan? RetryAfter { get; init; }

    public int? CurrentVersion { get; init; }

    public async Task ExecuteAsync(HttpContext httpContext)
    {
        var response = httpContext.Response;
        response.StatusCode = Kind.Status;
        response.ContentType = "application/problem+json";
        response.Headers.CacheControl = "no-store";
        if (RetryAfter is { } wait) response.Headers.RetryAfter = ((int)Math.Ceiling(wait.TotalSeconds)).ToString(System.Globalization.CultureInfo.InvariantCulture);
        if (Kind == ProblemKind.Unauthenticated) response.Headers.WWWAuthenticate = "Bearer";
        await using var writer = new Utf8JsonWriter(response.BodyWriter, JsonText.Written);
        writer.WriteStartObject();
        WriteMembers(writer, httpContext);
        writer.WriteEndObject();
    }

    /// <summary>Its members, also where it is part of a larger answer.</summary>
    public void WriteMembers(Utf8JsonWriter writer, HttpContext httpContext)
    {
        writer.WriteString("type", Kind.Type);
        writer.WriteString("title", Kind.Title);
        writer.WriteNumber("status", Kind.Status);
        writer.WriteString("detail", detail);
        writer.WriteString("code", Kind.Code);
        if (CurrentVersion is { } version) writer.WriteNumber("currentVersion", version);
        if (errors is { Count: > 0 })
        {
            writer.WriteStartArray("errors");
            foreach (var error in errors)
            {
                writer.WriteStartObject();
                writer.WriteString("pointer", error.Pointer);
                writer.WriteString("code", error.Code.Text);
                writer.WriteString("detail", error.Detail);
                writer.WriteEndObject();
            }
            writer.WriteEndArray();
        }
        writer.WriteString("traceId", Activity.Current?.TraceId.ToString() ?? httpContext.TraceIdentifier);
    }
}
