using System.Net.Sockets;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using SimLedger.Ledger;
using SimLedger.Ledger.Tenancy;

namespace SimLedger.IntegrationTests.Faults;

/// <summary>Follows one organisation's feed by position while everything around it breaks, and remembers what it was given.</summary>
internal sealed class KillRunSubscriber(TenantId tenant, TenantDatabase database)
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);

    /// <summary>The fact seen at each position, from 1 on.</summary>
    public List<Guid> Seen { get; } = [];

    /// <summary>Positions that it was led past.</summary>
    public long Skipped { get; private set; }

    public TenantId Tenant => tenant;

    public async Task Run(CancellationToken stop)
    {
        await using var ledger = new EventLedger(database, [], TimeProvider.System, NullLogger<EventLedger>.Instance, lanes: 0);
        while (!stop.IsCancellationRequested)
        {
            if (!await Follow(ledger)) await Task.Delay(Pause, CancellationToken.None);
        }
        while (await Follow(ledger))
        {
            // What came since the last look.
        }
    }

    /// <returns>False: nothing new just now.</returns>
    private async Task<bool> Follow(EventLedger ledger)
    {
        try
        {
            var facts = await ledger.ReadFeed(tenant, Seen.Count, 500, CancellationToken.None);
            foreach (var fact in facts)
            {
                Skipped += fact.Position - Seen.Count - 1;
                while (Seen.Count < fact.Position - 1) Seen.Add(Guid.Empty);
                Seen.Add(fact.EventId);
            }
            return facts.Count > 0;
        }
        catch (Exception error) when (error is NpgsqlException or TimeoutException or IOException or SocketException or InvalidOperationException)
        {
            return false; // The database is down just now.
        }
    }
}
