using Xunit.Abstractions;
using Xunit.Sdk;

[assembly: TestFramework("SimLedger.IntegrationTests.TestRun", "SimLedger.IntegrationTests")]

namespace SimLedger.IntegrationTests;

/// <summary>The whole run. xunit has no fixture for an assembly; a handler of the process's exit is not given the time to end PostgreSQL.</summary>
public sealed class TestRun : XunitTestFramework
{
    public TestRun(IMessageSink messages)
        : base(messages) => DisposalTracker.Add(new PostgresEnd());

    private sealed class PostgresEnd : IDisposable
    {
        public void Dispose() => TestDatabase.End().Wait(TimeSpan.FromSeconds(60));
    }
}
