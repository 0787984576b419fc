using SimLedger.Cards;

namespace SimLedger.Server.Importing;

/// <summary>
/// Lets rows about the same number or ICCID take their turns in the order of the file, and all others go side by side: what becomes of a row must not
/// depend on which worker was faster.
/// </summary>
/// <remarks>A row waits for earlier ones only, so the earliest that is not done can always go on. Memory holds the rows under way.</remarks>
internal sealed class RowTurns
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, Turn> _last = new(StringComparer.Ordinal);

    /// <summary>What tells the card of a row from others, as far as it can be read.</summary>
    public static IEnumerable<string> Identifiers(FleetRow row)
    {
        if (row["number"] is { } number && E164.TryRead(number, out var e164, out _)) yield return e164;
        if (row["iccid"] is { } iccid && Iccid.TryRead(iccid, out var read, out _)) yield return read;
    }

    /// <summary>Queues a row; to be called in the order of the file.</summary>
    /// <returns>To be disposed once the row is done, or will never be.</returns>
    public Turn Queue(FleetRow row)
    {
        List<string> identifiers = [.. Identifiers(row)];
        lock (_gate)
        {
            var turn = new Turn(this, identifiers, [.. identifiers.Where(_last.ContainsKey).Select(identifier => _last[identifier].Done)]);
            foreach (var identifier in identifiers) _last[identifier] = turn;
            return turn;
        }
    }

    public sealed class Turn(RowTurns turns, IReadOnlyList<string> identifiers, IReadOnlyList<Task> before) : IDisposable
    {
        private readonly TaskCompletionSource _done = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task Done => _done.Task;

        /// <summary>No earlier row about the same identifiers is under way, and none will be.</summary>
        public bool HasCome => before.All(task => task.IsCompleted);

        public Task Come(CancellationToken cancel) => before.Count == 0 ? Task.CompletedTask : Task.WhenAll(before).WaitAsync(cancel);

        public void Dispose()
        {
            lock (turns._gate)
            {
                foreach (var identifier in identifiers)
                {
                    if (turns._last.TryGetValue(identifier, out var last) && last == this) turns._last.Remove(identifier);
                }
            }
            _done.TrySetResult();
        }
    }
}
