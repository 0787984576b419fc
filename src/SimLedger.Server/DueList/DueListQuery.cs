using System.Globalization;
using System.Text;
using System.Text.Json;
using NodaTime;
using NodaTime.Text;
using Npgsql;
using SimLedger.Ledger.Tenancy;
using SimLedger.Rules;
using SimLedger.Server.UseCases;

namespace SimLedger.Server.DueList;

/// <summary>What is asked of the due list.</summary>
/// <param name="WithinDays">Due by so many days after today in the line's own zone, what is overdue and what is to settle included; null: all.</param>
/// <param name="Stages">Null: all but lost.</param>
/// <param name="Carriers">Codes of packs, or names as given where there is none; null: all.</param>
public sealed record DueListFilter(int? WithinDays, IReadOnlyList<Stage>? Stages, IReadOnlyList<string>? Carriers)
{
    /// <summary>One text for one meaning: what a cursor is bound to.</summary>
    public string Binding => string.Create(CultureInfo.InvariantCulture, $"due-list|within={WithinDays}|stage={Join(Stages?.Select(Words.Of))}|carrier={Join(Carriers)}");

    private static string Join(IEnumerable<string>? words) => words is null ? "" : JsonSerializer.Serialize(words.Order(StringComparer.Ordinal));
}

/// <summary>Where a page begins: after this row, at the instant of the first page, so that all pages tell of one moment.</summary>
public sealed record DueListPlace(Instant Now, int Band, LocalDate? DueOn, int Rank, Guid LineId)
{
    /// <summary>How long a list may be paged through: so long rows keep the place that they had at its instant.</summary>
    public static readonly Duration Lifetime = Duration.FromMinutes(15);

    public string Write() => string.Create(CultureInfo.InvariantCulture, $"{Now.ToUnixTimeTicks()}|{Band}|{Words.Of(DueOn)}|{Rank}|{LineId:D}");

    public static DueListPlace Read(string text)
    {
        var parts = text.Split('|');
        return new DueListPlace(
            Instant.FromUnixTimeTicks(long.Parse(parts[0], CultureInfo.InvariantCulture)), int.Parse(parts[1], CultureInfo.InvariantCulture),
            parts[2].Length == 0 ? null : LocalDatePattern.Iso.Parse(parts[2]).GetValueOrThrow(), int.Parse(parts[3], CultureInfo.InvariantCulture), Guid.Parse(parts[4]));
    }
}

/// <summary>More rows have changed by time alone than one read can bring to the present; the keeper is at it. Nothing is listed rather than too little.</summary>
public sealed class DueListBehindException() : Exception("The due list is being brought up to date.");

/// <param name="Next">Null: this was the last page.</param>
public sealed record DueListPage(Instant Now, IReadOnlyList<StandingRow> Rows, DueListPlace? Next);

/// <summary>Reads the due list, most urgent first, exact at the instant asked without any nightly job.</summary>
/// <remarks>
/// Rows that hold at that instant come from the index in order. The few that time has changed since they were written are brought to the
/// instant from their ladder, or from their history where that does not tell, and merged in.
/// </remarks>
public sealed class DueListQuery(TenantDatabase database, CardLedger cards, ILogger<DueListQuery> log)
{
    /// <summary>Flag of a row that could not be appraised when it was due to be; its dates are those last known.</summary>
    private const string NotAppraised = "notAppraised";

    private const string Columns = """
        select s.card_id, s.line_id, s.number, s.iccid, s.carrier, s.product, s.owner, s.zone, s.stage, s.band, s.due_on, s.rank, s.closed, s.ends_on,
               s.deadline_at, s.renew_by, s.prepare_from, s.clock, s.rule_version, s.confidence, s.flags, s.ladder, s.holds_until, s.own_rules
        from card_standing s where s.tenant_id = $1
        """;

    /// <summary>Rows that time has changed since they were written and that one read brings to the present: a day's worth of five million lines, thrice.</summary>
    private const int MostChanged = 50_000;

    /// <summary>Those among them whose facts must be read, one round trip each.</summary>
    private const int MostAppraised = 5_000;

    /// <summary>UTC+14: no calendar on earth is ahead of it.</summary>
    private static readonly Offset EarliestDay = Offset.FromHours(14);

    private static readonly IComparer<StandingRow> MostUrgentFirst = Comparer<StandingRow>.Create((a, b) => Compare(Key(a), Key(b)));

    public async Task<DueListPage> Page(TenantId tenant, DueListFilter filter, DueListPlace? after, Instant now, int limit, CancellationToken cancel)
    {
        now = after?.Now ?? now;
        var (holding, changed) = await Read(tenant, filter, after, now, limit, cancel);
        if (changed.Count > MostChanged || changed.Count(row => row.HoldsUntil <= now) > MostAppraised) throw new DueListBehindException();
        foreach (var row in changed)
        {
            var current = row.HoldsUntil <= now ? await Appraise(tenant, row, now, cancel) : row.At(now);
            if (current is not null && Passes(current, filter, now) && (after is null || Compare(Key(current), (after.Band, after.DueOn, after.Rank, after.LineId)) > 0)) holding.Add(current);
        }
        holding.Sort(MostUrgentFirst);
        var page = holding.Take(limit).ToList();
        var last = holding.Count > limit ? page[^1] : null;
        return new DueListPage(now, page, last is null ? null : new DueListPlace(now, last.Band, last.DueOn, last.Rank, last.LineId));
    }

    /// <summary>A row from its facts. One that this program cannot appraise is listed to settle, never left out.</summary>
    private async Task<StandingRow?> Appraise(TenantId tenant, StandingRow row, Instant now, CancellationToken cancel)
    {
        try
        {
            return await cards.Appraise(tenant, row.CardId, row.LineId, now, cancel);
        }
        catch (Exception error) when (error is not (OperationCanceledException or NpgsqlException or TimeoutException))
        {
            log.LogError(error, "Card {Card} of {Tenant} could not be appraised; its last known row is listed.", row.CardId, tenant);
            return row.At(now) with { Band = 0, Flags = [.. row.Flags, NotAppraised] };
        }
    }

    /// <summary>The rows at the place, as stored: those that hold at the instant, and those that time has changed.</summary>
    private async Task<(List<StandingRow> Holding, List<StandingRow> Changed)> Read(
        TenantId tenant, DueListFilter filter, DueListPlace? after, Instant now, int limit, CancellationToken cancel)
    {
        var closedToo = filter.Stages?.Contains(Stage.Lost) == true;
        var holding = Holding(tenant, filter, after, now, limit, closedToo);
        var changed = new NpgsqlBatchCommand(Columns + " and s.next_change_at <= $2 and ($3::text[] is null or s.carrier = any ($3)) limit $4")
        {
            Parameters =
            {
                new() { Value = tenant.Value }, new() { Value = now.ToDateTimeUtc() },
                new() { Value = (object?)filter.Carriers?.ToArray() ?? DBNull.Value, NpgsqlDbType = NpgsqlTypes.NpgsqlDbType.Array | NpgsqlTypes.NpgsqlDbType.Text },
                new() { Value = MostChanged + 1 },
            },
        };
        // One snapshot: a row that is written anew between two statements would be missed by both.
        return await database.QuerySnapshot(tenant, [holding, changed], async (reader, stop) =>
        {
            var first = await ReadRows(reader, stop);
            await reader.NextResultAsync(stop);
            return (first, await ReadRows(reader, stop));
        }, cancel);
    }

    private static NpgsqlBatchCommand Holding(TenantId tenant, DueListFilter filter, DueListPlace? after, Instant now, int limit, bool closedToo)
    {
        var command = new NpgsqlBatchCommand();
        var sql = new StringBuilder(Columns);
        Next(tenant.Value);
        sql.Append(CultureInfo.InvariantCulture, $" and (s.next_change_at is null or s.next_change_at > {Next(now.ToDateTimeUtc())})");
        if (!closedToo) sql.Append(" and not s.closed");
        if (filter.WithinDays is { } days)
        {
            var latest = now.WithOffset(EarliestDay).Date.PlusDays(days);
            // The first bounds the range of the index, the second counts in the line's own calendar.
            sql.Append(CultureInfo.InvariantCulture, $" and (s.band, s.due_on) <= (1, {Next(Day(latest))})");
            sql.Append(CultureInfo.InvariantCulture, $" and (s.band = 0 or s.due_on <= ({Next(now.ToDateTimeUtc())} at time zone s.zone)::date + {Next(days)})");
        }
        if (filter.Stages is [var one]) sql.Append(CultureInfo.InvariantCulture, $" and s.stage = {Next(Words.Of(one))}");
        else if (filter.Stages is { } stages) sql.Append(CultureInfo.InvariantCulture, $" and s.stage = any ({Next(stages.Select(Words.Of).ToArray())})");
        if (filter.Carriers is [var only]) sql.Append(CultureInfo.InvariantCulture, $" and s.carrier = {Next(only)}");
        else if (filter.Carriers is { } carriers) sql.Append(CultureInfo.InvariantCulture, $" and s.carrier = any ({Next(carriers.ToArray())})");
        if (after is not null)
        {
            sql.Append(CultureInfo.InvariantCulture, $" and (s.band, s.due_on, s.rank, s.line_id) > ({Next((short)after.Band)}, {Next(Day(after.DueOn))}, {Next((short)after.Rank)}, {Next(after.LineId)})");
        }
        sql.Append(CultureInfo.InvariantCulture, $" order by s.band, s.due_on, s.rank, s.line_id limit {Next(limit + 1)}");
        command.CommandText = sql.ToString();
        return command;

        string Next(object value)
        {
            command.Parameters.Add(new NpgsqlParameter { Value = value });
            return string.Create(CultureInfo.InvariantCulture, $"${command.Parameters.Count}");
        }
    }

    private static async Task<List<StandingRow>> ReadRows(NpgsqlDataReader reader, CancellationToken cancel)
    {
        var rows = new List<StandingRow>();
        while (await reader.ReadAsync(cancel))
        {
            using var ladder = JsonDocument.Parse(reader.GetString(21));
            rows.Add(new StandingRow(
                reader.GetGuid(0), reader.GetGuid(1), Text(2), Text(3), Text(4), Text(5), Text(6) ?? "", DateTimeZoneProviders.Tzdb[reader.GetString(7)],
                Words.Stage(reader.GetString(8)), reader.GetInt16(9), Date(10), reader.GetInt16(11), reader.GetBoolean(12), Date(13),
                Moment(14), Date(15), Date(16), Text(17), Text(18), Text(19) is { } sure ? Enum.Parse<Confidence>(sure, ignoreCase: true) : null, reader.GetBoolean(23),
                reader.GetFieldValue<string[]>(20), StandingRow.ReadLadder(ladder.RootElement), Moment(22)));
        }
        return rows;

        string? Text(int column) => reader.IsDBNull(column) ? null : reader.GetString(column);
        LocalDate? Date(int column) => reader.IsDBNull(column) || reader.GetFieldValue<DateOnly>(column) is var day && day == DateOnly.MaxValue
            ? null
            : LocalDate.FromDateOnly(reader.GetFieldValue<DateOnly>(column));
        Instant? Moment(int column) => reader.IsDBNull(column) ? null : Instant.FromDateTimeUtc(reader.GetFieldValue<DateTime>(column));
    }

    private static bool Passes(StandingRow row, DueListFilter filter, Instant now) =>
        (filter.Stages is { } stages ? stages.Contains(row.Stage) : !row.Closed)
        && (filter.Carriers is null || (row.Carrier is { } carrier && filter.Carriers.Contains(carrier, StringComparer.Ordinal)))
        && (filter.WithinDays is not { } days || row.Band == 0 || (row.DueOn is { } due && due <= now.InZone(row.Zone).Date.PlusDays(days)));

    private static (int Band, LocalDate? DueOn, int Rank, Guid LineId) Key(StandingRow row) => (row.Band, row.DueOn, row.Rank, row.LineId);

    private static int Compare((int Band, LocalDate? DueOn, int Rank, Guid LineId) a, (int Band, LocalDate? DueOn, int Rank, Guid LineId) b)
    {
        var order = a.Band.CompareTo(b.Band);
        if (order == 0) order = Day(a.DueOn).CompareTo(Day(b.DueOn));
        if (order == 0) order = a.Rank.CompareTo(b.Rank);
        // As PostgreSQL orders uuids: by their bytes, which is how their text orders.
        return order != 0 ? order : string.CompareOrdinal(a.LineId.ToString("D"), b.LineId.ToString("D"));
    }

    /// <summary>No end known orders last; PostgreSQL's infinity.</summary>
    private static DateOnly Day(LocalDate? date) => date?.ToDateOnly() ?? DateOnly.MaxValue;
}
