using SimLedger.Ledger.Tenancy;
using SimLedger.Server.DueList;

namespace SimLedger.Server.Verbs;

/// <summary>rebuild [--tenant NAME]: the due list from the facts, while the server runs.</summary>
internal static class RebuildVerb
{
    public static async Task<int> Run(string? tenantName, CancellationToken cancel)
    {
        await using var work = await Workplace.Open(cancel);
        var tenants = tenantName is null ? await work.Get<TenantDatabase>().TenantIds(cancel) : [await work.Tenant(tenantName, cancel)];
        foreach (var tenant in tenants) Console.WriteLine($"{tenant}: {await work.Get<Reappraisal>().Rebuild(tenant, cancel)} cards appraised");
        return 0;
    }
}
