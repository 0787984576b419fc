using NodaTime;
using Npgsql;

namespace SimLedger.Server.DueList;

/// <summary>Where on the list a line counts; each line in one. In the order of urgency.</summary>
/// <remarks>Settle: before all else. Overdue: the last safe day to act is past. Then by the due day in the line's own calendar; later are those without one too.</remarks>
public enum DueBucket { Settle, Overdue, Within7, Within30, Within90, Later }

/// <summary>How many lines are due when, of all, of each carrier and of each owner.</summary>
public sealed class DueListSummary
{
    /// <summary>Carriers and owners that are named; the others are counted together.</summary>
    public const int MostNamed = 200;

    private readonly long[] _all = New();
    private readonly Dictionary<string, long[]> _carriers = new(StringComparer.Ordinal);
    private readonly Dictionary<string, long[]> _owners = new(StringComparer.Ordinal);

    /// <summary>Lines by bucket.</summary>
    public IReadOnlyList<long> All => _all;

    /// <summary>The carriers of most lines and all others together; an empty name: none known.</summary>
    public (IReadOnlyList<(string Name, IReadOnlyList<long> Lines)> Named, IReadOnlyList<long> Others) Carriers => Largest(_carriers);

    /// <summary>The owners of most lines and all others together; an empty name: nobody.</summary>
    public (IReadOnlyList<(string Name, IReadOnlyList<long> Lines)> Named, IReadOnlyList<long> Others) Owners => Largest(_owners);

    /// <summary>The counts of rows that hold, as <see cref="DueListSql.Counts"/> tells them.</summary>
    public static async Task<DueListSummary> Read(NpgsqlDataReader reader, CancellationToken cancel)
    {
        var summary = new DueListSummary();
        while (await reader.ReadAsync(cancel))
        {
            var name = reader.IsDBNull(1) ? "" : reader.GetString(1);
            var bucket = (int)Enum.Parse<DueBucket>(reader.GetString(2), ignoreCase: true);
            var counts = reader.GetString(0) switch { "all" => summary._all, "carrier" => Of(summary._carriers, name), _ => Of(summary._owners, name) };
            counts[bucket] += reader.GetInt64(3);
        }
        return summary;
    }

    public void Add(StandingRow row, Instant now)
    {
        var bucket = (int)BucketOf(row, now);
        _all[bucket]++;
        Of(_carriers, row.Carrier ?? "")[bucket]++;
        Of(_owners, row.Owner)[bucket]++;
    }

    public static DueBucket BucketOf(StandingRow row, Instant now)
    {
        var today = now.InZone(row.Zone).Date;
        return row switch
        {
            { Band: 0 } => DueBucket.Settle,
            { RenewBy: { } day } when day < today => DueBucket.Overdue,
            { DueOn: null } => DueBucket.Later,
            { DueOn: { } due } => due <= today.PlusDays(7) ? DueBucket.Within7 : due <= today.PlusDays(30) ? DueBucket.Within30 : due <= today.PlusDays(90) ? DueBucket.Within90 : DueBucket.Later,
        };
    }

    private static long[] New() => new long[Enum.GetValues<DueBucket>().Length];

    private static long[] Of(Dictionary<string, long[]> counts, string name) => counts.TryGetValue(name, out var known) ? known : counts[name] = New();

    /// <summary>Who was counted is at least everybody among the largest; the others are what is left of all.</summary>
    private (IReadOnlyList<(string Name, IReadOnlyList<long> Lines)> Named, IReadOnlyList<long> Others) Largest(Dictionary<string, long[]> counts)
    {
        var named = counts.OrderByDescending(c => c.Value.Sum()).ThenBy(c => c.Key, StringComparer.Ordinal).Take(MostNamed).ToList();
        return ([.. named.Select(c => (c.Key, (IReadOnlyList<long>)c.Value))], [.. _all.Select((all, bucket) => all - named.Sum(c => c.Value[bucket]))]);
    }
}
