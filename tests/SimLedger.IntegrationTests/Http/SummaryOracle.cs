using System.Text.Json;
using NodaTime;
using NodaTime.Text;

namespace SimLedger.IntegrationTests.Http;

/// <summary>The summary of the due list as one would make it by counting its lines.</summary>
internal static class SummaryOracle
{
    /// <summary>A summary must tell of all, of each carrier and of each owner what counting gives.</summary>
    /// <param name="lines">What the list shows at that instant.</param>
    public static void Check(IReadOnlyCollection<JsonElement> lines, JsonElement summary, DateTimeOffset now, string query)
    {
        Assert.True(Counts(lines, now) == Told(summary), $"{now:u} {query}: {Told(summary)}, not {Counts(lines, now)}");
        foreach (var (list, member) in new[] { ("carriers", "carrier"), ("owners", "owner") })
        {
            var named = summary.GetProperty(list).EnumerateArray().ToDictionary(e => DueListOracle.Text(e, member) ?? "", Told);
            Assert.Equal(lines.GroupBy(l => DueListOracle.Text(l, member) ?? "").ToDictionary(g => g.Key, g => Counts([.. g], now)), named);
        }
        Assert.Equal(0, summary.GetProperty("otherOwners").GetProperty("total").GetInt32());
    }

    private static string Told(JsonElement counts) =>
        string.Join(' ', new[] { "total", "settle", "overdue", "within7", "within30", "within90", "later" }.Select(name => counts.GetProperty(name).GetInt64()));

    private static string Counts(IReadOnlyCollection<JsonElement> lines, DateTimeOffset now)
    {
        int[] counts = new int[6];
        foreach (var line in lines) counts[Bucket(line, now)]++;
        return $"{lines.Count} {string.Join(' ', counts)}";
    }

    private static int Bucket(JsonElement line, DateTimeOffset now)
    {
        if (line.GetProperty("settle").GetBoolean()) return 0;
        if (line.GetProperty("overdue").GetBoolean()) return 1;
        if (DueListOracle.Text(line, "dueOn") is not { } due) return 5;
        var today = Instant.FromDateTimeOffset(now).InZone(DateTimeZoneProviders.Tzdb[DueListOracle.Text(line, "timeZone")!]).Date;
        return Period.DaysBetween(today, LocalDatePattern.Iso.Parse(due).Value) switch { <= 7 => 2, <= 30 => 3, <= 90 => 4, _ => 5 };
    }
}
