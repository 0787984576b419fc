using System.Globalization;
using NodaTime;
using NodaTime.Text;

namespace SimLedger.Server.DueList;

/// <summary>Where a page begins: after this row, at the instant of the first page, so that all pages tell of one moment.</summary>
/// <param name="Now">The instant that the list tells of.</param>
/// <param name="Begun">When the first page was read, by the server's clock.</param>
/// <param name="KnownAt">Only what was known then counts; null: the list is of what is known, and read from its rows.</param>
public sealed record DueListPlace(Instant Now, Instant Begun, Instant? KnownAt, DueListKey Key)
{
    /// <summary>How long a list may be paged through: so long rows keep the place that they had at its instant.</summary>
    public static readonly Duration Lifetime = Duration.FromMinutes(15);

    public string Write() => string.Create(
        CultureInfo.InvariantCulture,
        $"{Now.ToUnixTimeTicks()}|{Begun.ToUnixTimeTicks()}|{KnownAt?.ToUnixTimeTicks()}|{Key.Band}|{Words.Of(Key.DueOn)}|{Key.Rank}|{Key.LineId:D}");

    public static DueListPlace Read(string text)
    {
        var parts = text.Split('|');
        return new DueListPlace(
            Moment(parts[0]), Moment(parts[1]), parts[2].Length == 0 ? null : Moment(parts[2]),
            new DueListKey(
                int.Parse(parts[3], CultureInfo.InvariantCulture), parts[4].Length == 0 ? null : LocalDatePattern.Iso.Parse(parts[4]).GetValueOrThrow(),
                int.Parse(parts[5], CultureInfo.InvariantCulture), Guid.Parse(parts[6])));
    }

    private static Instant Moment(string ticks) => Instant.FromUnixTimeTicks(long.Parse(ticks, CultureInfo.InvariantCulture));
}

/// <summary>A row's place in the order of the list: what is to settle, then the earliest, then the most important, then the older line.</summary>
public readonly record struct DueListKey(int Band, LocalDate? DueOn, int Rank, Guid LineId)
{
    public static DueListKey Of(StandingRow row) => new(row.Band, row.DueOn, row.Rank, row.LineId);

    /// <summary>No end known orders last; PostgreSQL's infinity.</summary>
    public static DateOnly Day(LocalDate? date) => date?.ToDateOnly() ?? DateOnly.MaxValue;

    public int CompareTo(DueListKey other)
    {
        var order = Band.CompareTo(other.Band);
        if (order == 0) order = Day(DueOn).CompareTo(Day(other.DueOn));
        if (order == 0) order = Rank.CompareTo(other.Rank);
        // As PostgreSQL orders uuids: by their bytes, which is how their text orders.
        return order != 0 ? order : string.CompareOrdinal(LineId.ToString("D"), other.LineId.ToString("D"));
    }
}
