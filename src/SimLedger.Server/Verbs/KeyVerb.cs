using SimLedger.Ledger.Tenancy;
using SimLedger.Server.Http;

namespace SimLedger.Server.Verbs;

/// <summary>key create, key list, key revoke.</summary>
internal static class KeyVerb
{
    private const int LongestName = 100;

    public static async Task<int> Create(string tenantName, string name, string[]? scopes, CancellationToken cancel)
    {
        var wanted = (scopes ?? []).SelectMany(s => s.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)).Distinct(StringComparer.Ordinal).ToList();
        if (wanted.Count == 0) wanted = [Authentication.Read, Authentication.Write];
        if (wanted.FirstOrDefault(s => s is not (Authentication.Read or Authentication.Write)) is { } unknown) throw new UsageException($"There is no scope {unknown}. Scopes are read and write.");
        if (name.Length is 0 or > LongestName || name.Any(char.IsControl)) throw new UsageException($"A key's name has 1 to {LongestName} characters, on one line.");
        await using var work = await Workplace.Open(cancel);
        var tenant = await work.Tenant(tenantName, cancel);
        Console.WriteLine(await TenantVerb.NewKey(work, tenant, name, wanted, cancel));
        return 0;
    }

    public static async Task<int> List(string tenantName, CancellationToken cancel)
    {
        await using var work = await Workplace.Open(cancel);
        foreach (var key in await work.Get<Credentials>().List(await work.Tenant(tenantName, cancel), cancel))
        {
            Console.WriteLine($"{key.Id:D}  {string.Join(',', key.Scopes),-10}  {key.CreatedAt:yyyy-MM-dd HH:mm}Z  {(key.RevokedAt is { } at ? $"revoked {at:yyyy-MM-dd HH:mm}Z" : "good"),-25}  {key.Name}");
        }
        return 0;
    }

    public static async Task<int> Revoke(string tenantName, string id, CancellationToken cancel)
    {
        if (!Guid.TryParseExact(id, "D", out var keyId)) throw new UsageException("A key is named by its id, a UUID as `key list` shows it.");
        await using var work = await Workplace.Open(cancel);
        var tenant = await work.Tenant(tenantName, cancel);
        if (!await work.Get<Credentials>().Revoke(tenant, keyId, cancel)) throw new UsageException($"The organisation {tenant} has no key {keyId} that is still good.");
        Console.WriteLine($"Revoked {keyId}.");
        return 0;
    }
}
