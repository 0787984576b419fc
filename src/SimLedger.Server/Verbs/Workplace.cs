using SimLedger.Ledger.Tenancy;
using SimLedger.Server.Hosting;

namespace SimLedger.Server.Verbs;

/// <summary>What a verb beside the server works with: the database and the services, ended together.</summary>
internal sealed class Workplace : IAsyncDisposable
{
    private readonly Database _database;
    private readonly ServiceProvider _services;

    private Workplace(Database database, ServiceProvider services) => (_database, _services) = (database, services);

    public static async Task<Workplace> Open(CancellationToken cancel)
    {
        var database = await Database.Open(Settings.Read(Settings.Configuration()), mayAttach: true, Console.Error.WriteLine, TimeProvider.System, cancel);
        var services = new ServiceCollection();
        services.AddLogging(log => log.SetMinimumLevel(LogLevel.Warning).AddConsole(console => console.LogToStandardErrorThreshold = LogLevel.Trace));
        WebServer.AddServices(services, database.Connection, TimeProvider.System);
        return new Workplace(database, services.BuildServiceProvider());
    }

    /// <summary>For what is beyond the application's role.</summary>
    /// <exception cref="SetupException">None is given.</exception>
    public string OwnerConnection => _database.OwnerConnection
        ?? throw new SetupException("This is the owner's to do. Give the owner's connection in ConnectionStrings__SimLedgerOwner.");

    public T Get<T>() where T : notnull => _services.GetRequiredService<T>();

    /// <summary>An organisation named on the command line.</summary>
    /// <exception cref="UsageException">It is not well formed, or there is none.</exception>
    public async Task<TenantId> Tenant(string name, CancellationToken cancel)
    {
        var tenant = Parse(name);
        return (await Get<TenantDatabase>().TenantIds(cancel)).Contains(tenant)
            ? tenant
            : throw new UsageException($"There is no organisation {tenant}. Create it with: tenant create {tenant}");
    }

    public static TenantId Parse(string name) => TenantId.TryRead(name, out var tenant, out var problem) ? tenant : throw new UsageException(problem);

    public async ValueTask DisposeAsync()
    {
        await _services.DisposeAsync();
        await _database.DisposeAsync();
    }
}
