using System.Collections.Concurrent;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using SimLedger.Ledger.Tenancy;
using SimLedger.Server.Hosting;
using SimLedger.Server.Http;

namespace SimLedger.IntegrationTests.Http;

/// <summary>The server in this process, on a port of its own, as its application role on a real database.</summary>
public sealed class ApiHost : IAsyncDisposable
{
    private static int _organisations;

    private readonly WebApplication _app;

    private ApiHost(WebApplication app) => _app = app;

    public string Url => _app.Urls.First();

    public static async Task<ApiHost> Start(string connection, TimeProvider? clock = null)
    {
        var settings = new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["ASPNETCORE_URLS"] = "http://127.0.0.1:0",
            ["Logging:LogLevel:Default"] = "None",
            // Where time is the test's, so are its effects; else a round of the keeper would now and then note a lapse in the middle of a test.
            ["SIMLEDGER_KEEPER"] = clock is null ? "off" : "on",
        }).Build();
        var app = WebServer.Build(connection, settings, clock ?? TimeProvider.System);
        await app.StartAsync();
        return new ApiHost(app);
    }

    public T Get<T>() where T : notnull => _app.Services.GetRequiredService<T>();

    /// <summary>A client of a new organisation, with a key that may do everything.</summary>
    public async Task<ApiClient> NewOrganisation()
    {
        var tenant = TenantId.Of($"org-{Interlocked.Increment(ref _organisations)}");
        Assert.True(await Get<Tenants>().Create(tenant, CancellationToken.None));
        return await Client(tenant);
    }

    /// <summary>A client with a new key.</summary>
    /// <param name="scopes">None: read and write.</param>
    public async Task<ApiClient> Client(TenantId tenant, params string[] scopes)
    {
        var (key, id) = (ApiKey.New(), Guid.CreateVersion7());
        if (scopes.Length == 0) scopes = [Authentication.Read, Authentication.Write];
        Assert.True(await Get<Credentials>().Add(tenant, id, "test", scopes, ApiKey.Hash(key), CancellationToken.None));
        return new ApiClient(Url, tenant, key, id);
    }

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync();
        await _app.DisposeAsync();
    }
}

/// <summary>One server for the tests of a class.</summary>
public sealed class ApiFixture : IAsyncLifetime
{
    public TestDatabase Database { get; private set; } = null!;

    public ApiHost Host { get; private set; } = null!;

    public async Task InitializeAsync()
    {
        Database = await TestDatabase.Create();
        Host = await ApiHost.Start(Database.App);
    }

    public async Task DisposeAsync() => await Host.DisposeAsync();
}

/// <summary>A clock that stands where it is put. What waits on it waits for ever, so that nothing happens behind a test's back.</summary>
public sealed class StoppedClock(DateTimeOffset now) : TimeProvider
{
    private readonly ConcurrentBag<TimeSpan> _waits = [];

    public DateTimeOffset Now { get; set; } = now;

    /// <summary>How long each of those that wait for ever asked to wait.</summary>
    public IReadOnlyCollection<TimeSpan> Waits => _waits;

    public override DateTimeOffset GetUtcNow() => Now;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        _waits.Add(dueTime);
        return System.CreateTimer(callback, state, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }
}

/// <summary>Tells the time it is set to. What waits does so in real time, so that jobs and the keeper work on.</summary>
public sealed class SetClock : TimeProvider
{
    public required DateTimeOffset Now { get; set; }

    public override DateTimeOffset GetUtcNow() => Now;
}
