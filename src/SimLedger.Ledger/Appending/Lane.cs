using Microsoft.Extensions.Logging;
using Npgsql;
using SimLedger.Ledger.Tenancy;

namespace SimLedger.Ledger.Appending;

/// <summary>Takes what is ready, commits it in one transaction, and answers. A process runs a few of them.</summary>
/// <remarks>
/// The rules of failure: what failed before COMMIT was sent is written by nobody and goes back to the front of its queue; what failed
/// around COMMIT is settled by a look under the head lock before anything of that tenant is sent again; a statement that the
/// database refused is our bug: logged, and after a confirmed rollback its appends are tried one by one, so that one bad append harms no other.
/// </remarks>
internal sealed class Lane(
    AppendQueues queues, TenantDatabase database, IReadOnlyDictionary<string, InlineView> views, HeadMemory memory, TimeProvider clock, SemaphoreSlim heldHeads, LedgerMeter meter, ILogger log, bool beside) : IAsyncDisposable
{
    private const int RoundsBeforeWaiting = 3;
    private static readonly TimeSpan PauseAfterFailure = TimeSpan.FromMilliseconds(100);

    /// <summary>Fewer fit into some pages, where any plan is a good one.</summary>
    private const int AppendsThatTell = 64;

    private readonly List<Task> _waiting = [];
    private long _appends;
    private long _told;
    private NpgsqlConnection? _connection;

    /// <summary>Runs until the queues are closed and empty.</summary>
    public async Task Run()
    {
        while (await queues.WaitUntilReady())
        {
            if (beside) await queues.WaitForCrowd();
            var tenants = queues.TakeBatch();
            if (tenants.Count == 0) continue;
            try
            {
                await CommitTogether(tenants);
            }
            catch (Exception error)
            {
                // Whatever this is, callers must not wait for ever and the lane must go on.
                log.LogError(error, "A commit batch of {Tenants} tenants failed in an unforeseen way.", tenants.Count);
                foreach (var pending in tenants.SelectMany(t => t.Taken)) pending.Fail(error);
                await DropConnection();
                foreach (var tenant in tenants) queues.Return(tenant);
            }
            _waiting.RemoveAll(t => t.IsCompleted);
            TellPlannerWhenDue();
        }
        await Task.WhenAll(_waiting);
    }

    public async ValueTask DisposeAsync() => await DropConnection();

    private async Task CommitTogether(List<TenantQueue> tenants)
    {
        PendingAppend[] taken = [.. tenants.SelectMany(t => t.Taken)];
        using var activity = LedgerMeter.Commit(taken.Length);
        var batch = new CommitBatch(taken, views, memory);
        NpgsqlConnection connection;
        try
        {
            connection = await Connection();
            if (await CommitAtOnce(taken, connection))
            {
                foreach (var tenant in tenants) queues.Return(tenant);
                return;
            }
            await batch.LockAndLook(connection, clock.GetUtcNow(), waitFor: null, CancellationToken.None);
        }
        catch (Exception error) when (IsConnectionTrouble(error))
        {
            log.LogWarning("Appends could not be started ({Error}); they are tried again.", error.Message);
            await DropConnection();
            await Task.Delay(PauseAfterFailure, clock);
            foreach (var tenant in tenants) queues.Return(tenant);
            return;
        }

        await Finish(batch, connection, tenants, lane: true);

        foreach (var tenant in tenants)
        {
            if (batch.Holds(tenant.Tenant))
            {
                tenant.HeldRounds = 0;
                queues.Return(tenant);
            }
            else if (++tenant.HeldRounds < RoundsBeforeWaiting)
            {
                queues.Return(tenant);
            }
            else
            {
                _waiting.Add(WaitForHead(tenant)); // Alone and beside the lane: a held head stalls its own tenant only.
            }
        }
    }

    /// <summary>Commits in one round trip where this process alone has written to these tenants of late.</summary>
    /// <returns>False: nothing was written, and the batch is to go the way with a look. True: written, or its outcome settled.</returns>
    private async Task<bool> CommitAtOnce(IReadOnlyList<PendingAppend> taken, NpgsqlConnection connection)
    {
        var batch = new CommitBatch(taken, views, memory);
        if (!batch.TryPlaceAsRemembered(clock.GetUtcNow())) return false;
        try
        {
            await batch.WriteAtOnce(connection, clock.GetUtcNow(), CancellationToken.None);
            Committed(batch);
            return true;
        }
        catch (PostgresException error) when (!IsConnectionTrouble(error))
        {
            // A conflict, a head that moved or is held, or a bug: the look tells them apart, and is what answers.
            log.LogDebug("A commit in one round trip was refused ({SqlState} {Constraint}); it is looked at.", error.SqlState, error.ConstraintName);
            return false;
        }
        catch (Exception error) when (IsConnectionTrouble(error))
        {
            await SettleLost(batch, connection, error, lane: true);
            return true;
        }
    }

    /// <summary>Writes the batch and answers its survivors, whatever comes. Those to be tried again stay unanswered in their queue's taken ones.</summary>
    private async Task Finish(CommitBatch batch, NpgsqlConnection connection, IReadOnlyList<TenantQueue> tenants, bool lane)
    {
        try
        {
            if (batch.Survivors.Count == 0)
            {
                await Rollback(connection);
                return;
            }
            await batch.WriteAndCommit(connection, clock.GetUtcNow(), CancellationToken.None);
            Committed(batch);
        }
        catch (PostgresException error) when (!IsConnectionTrouble(error))
        {
            log.LogError(error, "A commit batch of {Appends} appends was refused ({SqlState} {Constraint}): a bug.", batch.Survivors.Count, error.SqlState, error.ConstraintName);
            if (await TryRollback(connection))
            {
                if (batch.Survivors.Count == 1) batch.Survivors[0].Pending.Fail(error);
                else await CommitSingly(batch.Survivors, connection, lane);
            }
            else
            {
                await Discard(connection, lane);
                await Settle(batch);
            }
        }
        catch (Exception error) when (IsConnectionTrouble(error))
        {
            await SettleLost(batch, connection, error, lane);
        }
    }

    private async Task CommitSingly(IReadOnlyList<Survivor> survivors, NpgsqlConnection connection, bool lane)
    {
        foreach (var survivor in survivors)
        {
            var single = new CommitBatch([survivor.Pending], views, memory);
            try
            {
                await single.LockAndLook(connection, clock.GetUtcNow(), Limits.HeldHeadTime, CancellationToken.None);
                if (single.Survivors.Count == 0)
                {
                    await Rollback(connection);
                    continue;
                }
                await single.WriteAndCommit(connection, clock.GetUtcNow(), CancellationToken.None);
                Committed(single);
            }
            catch (PostgresException error) when (!IsConnectionTrouble(error))
            {
                // The head may have gone to another process in between: that is no fault of the append.
                if (error.SqlState == PostgresErrorCodes.LockNotAvailable) survivor.Pending.Answer(new AppendAnswer.Busy(Limits.HeldHeadTime));
                else survivor.Pending.Fail(error);
                if (!await TryRollback(connection))
                {
                    await Discard(connection, lane);
                    return; // The others were not sent; they go back to their queues.
                }
            }
            catch (Exception error) when (IsConnectionTrouble(error))
            {
                log.LogWarning("The connection was lost while a refused batch was tried one by one ({Error}).", error.Message);
                await Discard(connection, lane);
                await Settle(single);
                return;
            }
        }
    }

    private async Task WaitForHead(TenantQueue tenant)
    {
        var entered = await heldHeads.WaitAsync(Limits.HeldHeadTime);
        try
        {
            if (!entered)
            {
                // Many heads are held at once: nobody waits for more of them than there are places.
                foreach (var pending in tenant.Taken) pending.Answer(new AppendAnswer.Busy(Limits.HeldHeadTime));
                return;
            }
            await using var connection = await database.OpenConnection(CancellationToken.None);
            var batch = new CommitBatch([.. tenant.Taken], views, memory);
            await batch.LockAndLook(connection, clock.GetUtcNow(), Limits.HeldHeadTime, CancellationToken.None);
            await Finish(batch, connection, [tenant], lane: false);
            if (connection.FullState.HasFlag(System.Data.ConnectionState.Open)) await TryRollback(connection);
        }
        catch (Exception error) when (error is PostgresException { SqlState: PostgresErrorCodes.LockNotAvailable } || IsConnectionTrouble(error))
        {
            log.LogWarning("The head of tenant {Tenant} was not got within {Time} ({Error}); its appends are answered busy.", tenant.Tenant, Limits.HeldHeadTime, error.Message);
            foreach (var pending in tenant.Taken) pending.Answer(new AppendAnswer.Busy(Limits.HeldHeadTime));
        }
        catch (Exception error)
        {
            log.LogError(error, "Appends of tenant {Tenant} failed in an unforeseen way.", tenant.Tenant);
            foreach (var pending in tenant.Taken) pending.Fail(error);
        }
        finally
        {
            if (entered) heldHeads.Release();
            tenant.HeldRounds = 0;
            queues.Return(tenant);
        }
    }

    private void Committed(CommitBatch batch)
    {
        meter.Committed(batch.Survivors.Count);
        batch.AnswerSurvivors();
        Interlocked.Add(ref _appends, batch.Survivors.Count);
    }

    private void TellPlannerWhenDue()
    {
        var appends = Interlocked.Read(ref _appends);
        if (appends < AppendsThatTell || !GrowingTables.AreDue(appends - _told, appends)) return;
        _told = appends;
        _waiting.Add(TellPlanner()); // Beside the lane, which goes on meanwhile.
    }

    private async Task TellPlanner()
    {
        try
        {
            await new GrowingTables(database).Analyze(CancellationToken.None);
        }
        catch (Exception error) when (error is PostgresException || IsConnectionTrouble(error))
        {
            log.LogWarning("The planner could not be told how the tables have grown ({Error}); autovacuum will.", error.Message);
        }
    }

    private async Task SettleLost(CommitBatch batch, NpgsqlConnection connection, Exception error, bool lane)
    {
        log.LogWarning("The connection was lost around a commit of {Appends} appends ({Error}); their outcome is looked up.", batch.Survivors.Count, error.Message);
        await Discard(connection, lane);
        await Settle(batch);
    }

    /// <summary>Learns, tenant by tenant, what became of a commit whose answer was lost. Absent ones stay unanswered and are sent again.</summary>
    private async Task Settle(CommitBatch batch)
    {
        await Task.WhenAll(batch.Survivors.GroupBy(s => s.Append.Tenant).Select(async group =>
        {
            var settlement = new Settlement(database, clock);
            await settlement.Run(group.Key, [.. group], log);
        }));
    }

    private async Task<NpgsqlConnection> Connection() => _connection ??= await database.OpenConnection(CancellationToken.None);

    private async Task Discard(NpgsqlConnection connection, bool lane)
    {
        if (lane) await DropConnection();
        else await Close(connection);
    }

    private async Task DropConnection()
    {
        if (_connection is null) return;
        var dropped = _connection;
        _connection = null;
        NpgsqlConnection.ClearPool(dropped); // After a restart of the database every pooled connection is dead.
        await Close(dropped);
    }

    /// <summary>A connection that broke may not close cleanly either; what it was used for is settled elsewhere.</summary>
    private async Task Close(NpgsqlConnection connection)
    {
        try
        {
            await connection.DisposeAsync();
        }
        catch (Exception error) when (IsConnectionTrouble(error))
        {
            log.LogDebug(error, "A broken connection did not close cleanly.");
        }
    }

    private static async Task Rollback(NpgsqlConnection connection)
    {
        await using var rollback = new NpgsqlCommand("rollback", connection);
        await rollback.ExecuteNonQueryAsync();
    }

    private async Task<bool> TryRollback(NpgsqlConnection connection)
    {
        try
        {
            await Rollback(connection);
            return true;
        }
        catch (Exception error) when (IsConnectionTrouble(error))
        {
            log.LogWarning("A rollback could not be confirmed ({Error}).", error.Message);
            return false;
        }
    }

    /// <summary>
    /// The way to the database is broken, or, by classes 08 connection, 53 resources and 57 operator intervention, the database itself is in
    /// trouble. Any other answer of PostgreSQL means that a statement is at fault.
    /// </summary>
    private static bool IsConnectionTrouble(Exception error) => error switch
    {
        PostgresException { SqlState: var state } => state[..2] is "08" or "53" or "57",
        NpgsqlException or TimeoutException or IOException or InvalidOperationException => true, // Npgsql throws the last one on a connection that broke before.
        _ => false,
    };
}
