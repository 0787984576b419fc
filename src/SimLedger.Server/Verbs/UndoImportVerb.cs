using SimLedger.Ledger;
using SimLedger.Server.Importing;

namespace SimLedger.Server.Verbs;

/// <summary>import --undo ID --tenant NAME: takes an import back, of the command line or over HTTP.</summary>
internal static class UndoImportVerb
{
    public static async Task<int> Run(string id, string tenantName, bool force, CancellationToken cancel)
    {
        if (!Guid.TryParseExact(id, "D", out var importId)) throw new UsageException($"'{id}' is no id of an import; that is a UUID, as the import printed it.");
        await using var work = await Workplace.Open(cancel);
        var tenant = await work.Tenant(tenantName, cancel);
        var undo = work.Get<ImportUndo>();
        if (!await undo.HasFacts(tenant, importId, cancel)) throw new UsageException($"{tenant} has no import {importId:D} that recorded something.");

        var audit = new AuditContext("system:import", "", CausationId: Guid.CreateVersion7(TimeProvider.System.GetUtcNow()).ToString("D"));
        var counts = await undo.Run(tenant, importId, audit, force, _ => { }, cancel);
        Console.WriteLine($"{counts.CardsRetired} cards retired, {counts.FactsVoided} facts voided, {counts.LinesDetached} lines detached; {counts.KeptCount} cards kept, since others have recorded facts on them.");
        foreach (var card in counts.Kept) Console.WriteLine($"kept {card:D}");
        if (counts.KeptCount > 0) Console.WriteLine("--force takes these back too.");
        if (counts.Failed == 0) return 0;
        Console.WriteLine($"{counts.Failed} cards could not be undone now; undo the import again.");
        return 1;
    }
}
