using SimLedger.Server.Hosting;

namespace SimLedger.Server.Verbs;

/// <summary>migrate: schema and shipped rule packs, by the owner's connection; with our own PostgreSQL starting it does the same.</summary>
internal static class MigrateVerb
{
    public static async Task<int> Run(CancellationToken cancel)
    {
        var settings = Settings.Read(Settings.Configuration());
        if ((settings.OwnerConnection ?? settings.Connection) is not { } connection)
        {
            await using var own = await Database.Open(settings, mayAttach: true, Console.WriteLine, TimeProvider.System, cancel);
            Console.WriteLine("The database is up to date.");
            return 0;
        }
        foreach (var line in await Database.Migrate(connection, TimeProvider.System, cancel)) Console.WriteLine(line);
        Console.WriteLine("The database is up to date.");
        return 0;
    }
}
