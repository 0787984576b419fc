using NodaTime;
using Npgsql;
using SimLedger.Ledger.Tenancy;
using SimLedger.Rules;
using SimLedger.Server.DueList;
using SimLedger.Server.UseCases;

namespace SimLedger.Server.RulesInForce;

/// <summary>What a change of rules would do to a line.</summary>
public enum Move { Unchanged, Earlier, Later, Known, Unknown, Other }

/// <param name="Days">The end date's shift; null unless both are known.</param>
public sealed record MovedLine(StandingRow Before, StandingRow After, Move Move, int? Days);

/// <summary>What a change of rules would do to an organisation's lines.</summary>
/// <param name="MostUrgent">The moved lines, in the order of the due list as it would be; at most <see cref="RuleImpact.MostShown"/>.</param>
/// <param name="Failed">Cards that this program cannot appraise.</param>
public sealed record Impact(long RulesRevision, long Lines, IReadOnlyDictionary<Move, long> Moves, IReadOnlyList<MovedLine> MostUrgent, long Failed)
{
    public long Moved => Lines - Moves.GetValueOrDefault(Move.Unchanged);
}

/// <summary>Appraises every line of a carrier under the rules in force and under proposed ones. Writes nothing.</summary>
public sealed class RuleImpact(TenantDatabase database, CardLedger cards, ILogger<RuleImpact> log)
{
    /// <summary>Moved lines that an impact names; all are counted.</summary>
    public const int MostShown = 1_000;

    private const string CarriersSql = "select distinct s.carrier from card_standing s where s.tenant_id = $1 and s.carrier is not null";

    private const string CountSql = "select count(*) from card_standing s where s.tenant_id = $1 and s.carrier = any ($2)";

    private const string PageSql = """
        select s.card_id from card_standing s where s.tenant_id = $1 and s.carrier = any ($2) and s.card_id > $3 group by s.card_id order by s.card_id limit $4
        """;

    /// <param name="report">Told how many lines are done, of how many.</param>
    public async Task<Impact> Of(TenantId tenant, ProposedRules rules, string code, Action<long, long> report, CancellationToken cancel)
    {
        var carriers = await Carriers(tenant, rules, code, cancel);
        var total = await Read(tenant, Statement.Of(CountSql, tenant.Value, carriers), reader => reader.GetInt64(0), cancel);
        var moves = new Dictionary<Move, long>();
        var shown = new List<MovedLine>();
        var (lines, failed, last) = (0L, 0L, Guid.Empty);
        while (true)
        {
            report(lines, Math.Max(lines, total[0]));
            cancel.ThrowIfCancellationRequested();
            var ids = await Read(tenant, Statement.Of(PageSql, tenant.Value, carriers, last, Ledger.Limits.StreamsAtOnce), reader => reader.GetGuid(0), cancel);
            if (ids.Count == 0) break;

            last = ids[^1];
            foreach (var stored in await cards.LoadMany(tenant, ids, cancel))
            {
                if (Appraise(stored, rules, tenant) is not { } appraised)
                {
                    failed++;
                    continue;
                }
                foreach (var line in appraised)
                {
                    lines++;
                    moves[line.Move] = moves.GetValueOrDefault(line.Move) + 1;
                    if (line.Move is not Move.Unchanged) shown.Add(line);
                }
            }
            if (shown.Count > 4 * MostShown) shown = MostUrgent(shown);
        }

        return new Impact(rules.Now.Revision, lines, moves, MostUrgent(shown), failed);
    }

    /// <summary>Names under which lines of the carrier may stand now: its code, and what people wrote while no pack knew it.</summary>
    private async Task<string[]> Carriers(TenantId tenant, ProposedRules rules, string code, CancellationToken cancel) =>
    [
        .. (await Read(tenant, Statement.Of(CarriersSql, tenant.Value), reader => reader.GetString(0), cancel))
            .Where(name => name == code || rules.Now.Packs.Find(name)?.Code == code || rules.Then.Packs.Find(name)?.Code == code),
    ];

    private List<MovedLine>? Appraise(StoredCard stored, ProposedRules rules, TenantId tenant)
    {
        try
        {
            var now = cards.Now;
            var card = stored.Open().Card;
            var before = CardStandingView.Rows(stored.Id, card, rules.Now, now);
            var after = CardStandingView.Rows(stored.Id, card, rules.Then, now);
            return [.. before.Zip(after, Compare)];
        }
        catch (Exception error)
        {
            log.LogError(error, "Card {Card} of {Tenant} could not be appraised.", stored.Id, tenant);
            return null;
        }
    }

    private static MovedLine Compare(StandingRow before, StandingRow after)
    {
        int? days = before.EndsOn is { } was && after.EndsOn is { } will ? Period.DaysBetween(was, will) : null;
        var unknown = Words.Of(Flag.RuleUnknown);
        var move = (before.Flags.Contains(unknown), after.Flags.Contains(unknown)) switch
        {
            (false, true) => Move.Unknown,
            (true, false) => Move.Known,
            _ when days < 0 || (before.EndsOn is null && after.EndsOn is not null) => Move.Earlier,
            _ when days > 0 || (before.EndsOn is not null && after.EndsOn is null) => Move.Later,
            _ when before.DeadlineAt == after.DeadlineAt && before.Stage == after.Stage && before.DueOn == after.DueOn && before.Clock == after.Clock
                && before.Ladder.SequenceEqual(after.Ladder) && before.Flags.SequenceEqual(after.Flags) => Move.Unchanged,
            _ => Move.Other,
        };
        return new MovedLine(before, after, move, days);
    }

    private static List<MovedLine> MostUrgent(List<MovedLine> lines) =>
        [.. lines.OrderBy(l => l.After.Band).ThenBy(l => l.After.DueOn ?? LocalDate.MaxIsoValue).ThenBy(l => l.After.Rank).ThenBy(l => l.After.LineId).Take(MostShown)];

    private Task<List<T>> Read<T>(TenantId tenant, NpgsqlBatchCommand command, Func<NpgsqlDataReader, T> read, CancellationToken cancel) =>
        database.Query(tenant, [command], async (reader, stop) =>
        {
            var rows = new List<T>();
            while (await reader.ReadAsync(stop)) rows.Add(read(reader));
            return rows;
        }, cancel);
}
