using NodaTime;
using Npgsql;
using SimLedger.Ledger;
using SimLedger.Ledger.Tenancy;
using SimLedger.Rules;
using SimLedger.Server.DueList;
using SimLedger.Server.RulesInForce;

namespace SimLedger.Server.Verbs;

/// <summary>
/// rules publish FILE and rules withdraw CODE: changes the rule packs that all organisations share. First says what that would do to the lines of
/// each; publishes only when told to.
/// </summary>
internal static class SharedRulesVerb
{
    /// <summary>Moved lines named of each organisation; all are counted.</summary>
    private const int MostNamed = 10;

    public static async Task<int> Publish(string file, bool confirmed, CancellationToken cancel)
    {
        if (!File.Exists(file)) throw new UsageException($"There is no file {file}.");
        ReadOnlyMemory<byte> body = await File.ReadAllBytesAsync(file, cancel);
        var reading = RulePackReader.Read(body, file, SystemClock.Instance.GetCurrentInstant().InUtc().Date);
        foreach (var finding in reading.Findings) Console.WriteLine(finding);
        if (reading.Pack is not { } pack)
        {
            Console.WriteLine("The rule pack cannot be used; nothing was published.");
            return 1;
        }
        return await Change(new PackChange(pack.Code, body), confirmed, cancel);
    }

    public static Task<int> Withdraw(string code, bool confirmed, CancellationToken cancel) => Change(new PackChange(code, null), confirmed, cancel);

    private static async Task<int> Change(PackChange change, bool confirmed, CancellationToken cancel)
    {
        await using var work = await Workplace.Open(cancel);
        var (problems, known) = (0, false);
        foreach (var tenant in await work.Get<TenantDatabase>().TenantIds(cancel))
        {
            var proposed = await work.Get<RuleProposals>().Of(tenant, change, own: false, cancel);
            known |= proposed.Now.Published.Any(p => p.Revision.Code == change.Code && !p.Revision.Own);
            if (proposed.Problem is { } problem)
            {
                Console.WriteLine($"{tenant}: {problem}");
                problems++;
                continue;
            }
            if (proposed.Now.Published.Any(p => p.Revision.Code == change.Code && p.Revision.Own))
            {
                Console.WriteLine($"{tenant}: has a pack of its own for {change.Code}; nothing changes.");
                continue;
            }
            Tell(tenant, await work.Get<RuleImpact>().Of(tenant, proposed, change.Code, (_, _) => { }, cancel));
        }
        if (problems > 0)
        {
            Console.WriteLine("Nothing was published: first see to the names above.");
            return 1;
        }
        if (change.Body is null && !known && !await IsShared(work, change.Code, cancel)) throw new UsageException($"No shared rule pack {change.Code} is in force.");
        if (!confirmed)
        {
            Console.WriteLine("Nothing was published. Repeat with --confirm to do so.");
            return 0;
        }

        await using var source = NpgsqlDataSource.Create(work.OwnerConnection);
        await using var connection = await source.OpenConnectionAsync(cancel);
        await PublishedPacks.PublishShared(connection, [change], TimeProvider.System.GetUtcNow(), "system:rules", cancel);
        Console.WriteLine($"{(change.Body is null ? "Withdrew" : "Published")} {change.Code} for all organisations. Their lines follow within a minute of a running server; GET /v1/jobs shows how far.");
        return 0;
    }

    /// <summary>Asked where no organisation's rules tell: there is none yet, or each has a pack of its own.</summary>
    private static async Task<bool> IsShared(Workplace work, string code, CancellationToken cancel)
    {
        await using var source = NpgsqlDataSource.Create(work.OwnerConnection);
        await using var connection = await source.OpenConnectionAsync(cancel);
        return await PublishedPacks.IsSharedInForce(connection, code, cancel);
    }

    private static void Tell(TenantId tenant, Impact impact)
    {
        var moves = impact.Moves.Where(m => m.Key is not Move.Unchanged && m.Value > 0).OrderBy(m => m.Key).Select(m => $"{m.Value} {EnumNames.Of(m.Key)}").ToList();
        Console.WriteLine($"{tenant}: {impact.Lines} lines, {impact.Moved} move{(moves.Count > 0 ? $" ({string.Join(", ", moves)})" : "")}{(impact.Failed > 0 ? $"; {impact.Failed} cards could not be appraised" : "")}");
        foreach (var line in impact.MostUrgent.Take(MostNamed))
        {
            Console.WriteLine($"  line {line.After.LineId}: ends {Words.Of(line.After.EndsOn) ?? "nobody knows when"} instead of {Words.Of(line.Before.EndsOn) ?? "nobody knows when"}");
        }
        if (impact.Moved > MostNamed) Console.WriteLine($"  and {impact.Moved - MostNamed} more");
    }
}
