using System.Diagnostics;
using SimLedger.Ledger;
using SimLedger.Ledger.Tenancy;

namespace SimLedger.Server.Http;

/// <summary>Who calls: taken from the API key, the only place a tenant ever comes from.</summary>
public sealed record Caller(Credential Credential)
{
    public TenantId Tenant => Credential.Tenant;

    public static Caller Of(HttpContext http) =>
        http.Features.Get<Caller>() ?? throw new InvalidOperationException("No caller: the address is not behind authentication.");

    /// <summary>What is kept with every fact of this request.</summary>
    public AuditContext Audit(HttpContext http, string? reason) =>
        new($"key:{Credential.Id:D}", "api", Activity.Current?.Id, RequestId.Of(http), reason);
}

/// <summary>Our id of a request, answered as X-Request-Id and kept with its facts.</summary>
public static class RequestId
{
    public const string Header = "X-Request-Id";

    public static string Of(HttpContext http) => http.TraceIdentifier;
}
