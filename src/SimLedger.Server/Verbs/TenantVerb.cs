using SimLedger.Ledger.Tenancy;
using SimLedger.Server.Http;

namespace SimLedger.Server.Verbs;

/// <summary>tenant create NAME, tenant list, tenant idempotency NAME required|optional.</summary>
internal static class TenantVerb
{
    public static async Task<int> Create(string name, CancellationToken cancel)
    {
        var tenant = Workplace.Parse(name);
        await using var work = await Workplace.Open(cancel);
        if (!await work.Get<Tenants>().Create(tenant, cancel)) throw new UsageException($"There is an organisation {tenant} already. For another key: key create --tenant {tenant} --name …");
        await Console.Error.WriteLineAsync($"Created the organisation {tenant}. Its first API key, shown only now:");
        Console.WriteLine(await NewKey(work, tenant, "first", [Authentication.Read, Authentication.Write], cancel));
        return 0;
    }

    public static async Task<int> List(CancellationToken cancel)
    {
        await using var work = await Workplace.Open(cancel);
        foreach (var tenant in await work.Get<TenantDatabase>().TenantIds(cancel)) Console.WriteLine(tenant);
        return 0;
    }

    public static async Task<int> Idempotency(string name, string keys, CancellationToken cancel)
    {
        if (keys is not ("required" or "optional")) throw new UsageException($"Idempotency keys are required or optional, not {keys}.");
        var tenant = Workplace.Parse(name);
        await using var work = await Workplace.Open(cancel);
        if (!await work.Get<Tenants>().RequireIdempotency(tenant, keys == "required", cancel)) throw new UsageException($"There is no organisation {tenant}. Create it with: tenant create {tenant}");
        Console.WriteLine($"Idempotency keys of {tenant} are {keys}.");
        return 0;
    }

    internal static async Task<string> NewKey(Workplace work, TenantId tenant, string name, IReadOnlyList<string> scopes, CancellationToken cancel)
    {
        var key = ApiKey.New();
        if (!await work.Get<Credentials>().Add(tenant, Guid.CreateVersion7(), name, scopes, ApiKey.Hash(key), cancel)) throw new UsageException($"There is no organisation {tenant}.");
        return key;
    }
}
