using SimLedger.IntegrationTests.Http;

namespace SimLedger.IntegrationTests.RulesChange;

/// <summary>One server for the tests of a class, whose time runs on from a day that their dates were made for.</summary>
public sealed class RulesFixture : IAsyncLifetime
{
    public TestDatabase Database { get; private set; } = null!;

    public ApiHost Host { get; private set; } = null!;

    /// <summary>For other servers on the database: they take keys and leases for expired by theirs.</summary>
    public TimeProvider Clock { get; } = new RunningClock(new DateTimeOffset(2026, 11, 21, 8, 0, 0, TimeSpan.Zero));

    public async Task InitializeAsync()
    {
        Database = await TestDatabase.Create();
        Host = await ApiHost.Start(Database.App, Clock);
    }

    public async Task DisposeAsync() => await Host.DisposeAsync();

    private sealed class RunningClock(DateTimeOffset start) : TimeProvider
    {
        private readonly long _began = System.GetTimestamp();

        public override DateTimeOffset GetUtcNow() => start + System.GetElapsedTime(_began);
    }
}
