using System.Collections.Concurrent;
using SimLedger.Ledger.Tenancy;

namespace SimLedger.Server.Http;

/// <summary>Bounds the long requests of one kind that an organisation has open in this process.</summary>
/// <param name="most">Of one organisation at once.</param>
internal sealed class LongRequests(int most)
{
    private readonly ConcurrentDictionary<TenantId, int> _open = new();

    /// <returns>To be disposed when the request ends; null: there are too many, answer <see cref="TooMany"/>.</returns>
    public IDisposable? Enter(TenantId tenant)
    {
        if (_open.AddOrUpdate(tenant, 1, (_, open) => open + 1) <= most) return new Place(this, tenant);
        Leave(tenant);
        return null;
    }

    /// <param name="what">In the plural, such as "streams".</param>
    public Problem TooMany(string what) =>
        new(ProblemKind.Busy, $"The organisation has {most} {what} open here already, which is the most. Close those that are not needed, or try again in a while.") { RetryAfter = TimeSpan.FromSeconds(5) };

    private void Leave(TenantId tenant) => _open.AddOrUpdate(tenant, 0, (_, open) => open - 1);

    private sealed class Place(LongRequests requests, TenantId tenant) : IDisposable
    {
        private int _left;

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _left, 1) == 0) requests.Leave(tenant);
        }
    }
}
