using NodaTime;
using Npgsql;
using NpgsqlTypes;
using SimLedger.Cards;
using SimLedger.Ledger.Tenancy;
using SimLedger.Rules.Planning;
using SimLedger.Server.DueList;

namespace SimLedger.Server.UseCases;

/// <summary>A line to be planned for, with the card it is on.</summary>
/// <param name="Currency">Of its product; null where no pack knows it.</param>
internal sealed record LineOfPlan(Guid CardId, Line Line, string? Carrier, string? Currency, PlanLine Asked);

/// <summary>Brings the lines together that a plan is asked for.</summary>
internal sealed class PlanLines(TenantDatabase database, CardLedger cards, ILogger<PlanLines> log)
{
    /// <summary>Lines planned for at once: seconds of work.</summary>
    public const int Most = 10_000;

    private const string LinesSql = """
        select s.card_id, s.line_id, s.rank from card_standing s
        where s.tenant_id = $1 and ($2::uuid[] is null or s.line_id = any ($2)) and ($3::text[] is null or s.carrier = any ($3)) and ($2 is not null or not s.closed)
        order by s.band, s.due_on, s.rank, s.line_id limit $4
        """;

    /// <param name="lineIds">Null: all that are not lost.</param>
    /// <param name="carriers">Codes of packs, or names as given; null: all.</param>
    /// <returns>The most urgent first, and how many cards are beyond this program; null: there are more than <see cref="Most"/>.</returns>
    public async Task<(IReadOnlyList<LineOfPlan> Lines, int NotRead)?> Read(
        TenantId tenant, IReadOnlyList<Guid>? lineIds, IReadOnlyList<string>? carriers, Instant now, CancellationToken cancel)
    {
        var wanted = await Wanted(tenant, lineIds, carriers, cancel);
        if (wanted.Count > Most) return null;

        var notRead = 0;
        var byLine = new Dictionary<Guid, LineOfPlan>();
        var ranks = wanted.ToDictionary(w => w.LineId, w => w.Rank);
        foreach (var ids in wanted.Select(w => w.CardId).Distinct().Chunk(Ledger.Limits.StreamsAtOnce))
        {
            foreach (var stored in await cards.LoadMany(tenant, ids, cancel))
            {
                if (Open(stored, tenant) is not { } loaded)
                {
                    notRead++;
                    continue;
                }
                foreach (var line in loaded.Card.Lines.Where(line => ranks.ContainsKey(line.Id))) byLine[line.Id] = Of(loaded, line, ranks[line.Id], now);
            }
        }
        return ([.. wanted.Where(w => byLine.ContainsKey(w.LineId)).Select(w => byLine[w.LineId])], notRead);
    }

    private static LineOfPlan Of(LoadedCard loaded, Line line, int rank, Instant now)
    {
        var pack = Appraisal.PackOf(loaded.Card, loaded.Rules.Packs);
        var carrier = loaded.Card.Carrier is { } given ? loaded.Rules.Packs.Find(given)?.Code ?? given : null;
        var asked = new PlanLine(line.Id.ToString("D"), pack, Appraisal.QuestionOf(loaded.Card, line, pack, now), Appraisal.FormFactorOf(loaded.Card), Rank: rank);
        return new LineOfPlan(loaded.Id, line, carrier, line.Product is null ? null : pack.FindProduct(line.Product)?.Currency, asked);
    }

    private LoadedCard? Open(StoredCard stored, TenantId tenant)
    {
        try
        {
            return stored.Open();
        }
        catch (Exception error)
        {
            log.LogError(error, "Card {Card} of {Tenant} could not be read.", stored.Id, tenant);
            return null;
        }
    }

    private Task<List<(Guid CardId, Guid LineId, int Rank)>> Wanted(TenantId tenant, IReadOnlyList<Guid>? lineIds, IReadOnlyList<string>? carriers, CancellationToken cancel)
    {
        var command = new NpgsqlBatchCommand(LinesSql)
        {
            Parameters =
            {
                new() { Value = tenant.Value },
                new() { Value = (object?)lineIds?.ToArray() ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Uuid },
                new() { Value = (object?)carriers?.ToArray() ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Text },
                new() { Value = Most + 1 },
            },
        };
        return database.Query(tenant, [command], async (reader, stop) =>
        {
            var wanted = new List<(Guid, Guid, int)>();
            while (await reader.ReadAsync(stop)) wanted.Add((reader.GetGuid(0), reader.GetGuid(1), reader.GetInt16(2)));
            return wanted;
        }, cancel);
    }
}
