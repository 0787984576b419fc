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
        var allFailed = 0;
        foreach (var tenant in tenants)
        {
            var (cards, failed) = await work.Get<Reappraisal>().Rebuild(tenant, cancel);
            allFailed += failed;
            Console.WriteLine($"{tenant}: {cards} cards appraised{(failed > 0 ? $", {failed} could not be; see above" : "")}");
        }
        return allFailed == 0 ? 0 : 1;
    }
}
