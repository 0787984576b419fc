using SimLedger.Ledger.Tenancy;
using SimLedger.Ledger.Verification;

namespace SimLedger.Server.Verbs;

/// <summary>verify [--tenant NAME]: recomputes the audit chain. Exit code 1 when a break is found.</summary>
internal static class VerifyVerb
{
    public static async Task<int> Run(string? tenantName, CancellationToken cancel)
    {
        await using var work = await Workplace.Open(cancel);
        var verifier = new ChainVerifier(work.Get<TenantDatabase>());
        var tenants = await verifier.Tenants(cancel);
        if (tenantName is not null) tenants = [tenants.Contains(Workplace.Parse(tenantName)) ? Workplace.Parse(tenantName) : await work.Tenant(tenantName, cancel)];
        var broken = 0;
        foreach (var tenant in tenants)
        {
            var found = await verifier.Verify(tenant, cancel);
            if (found.Break is { } wrong)
            {
                broken++;
                Console.WriteLine($"{tenant}: BROKEN at {(wrong.Position is { } at ? $"position {at}" : "an unknown position")}: {wrong.What}");
            }
            else
            {
                Console.WriteLine($"{tenant}: {found.Facts} facts are as they were written{(found.Erased > 0 ? $"; the data of {found.Erased} was erased" : "")}");
            }
        }
        return broken == 0 ? 0 : 1;
    }
}
