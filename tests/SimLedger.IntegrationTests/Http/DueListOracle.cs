using System.Globalization;
using System.Net;
using System.Text.Json;
using NodaTime;
using NodaTime.Text;

namespace SimLedger.IntegrationTests.Http;

/// <summary>The due list as one would make it without an index: every card evaluated from its whole history, filtered and sorted here.</summary>
internal static class DueListOracle
{
    /// <summary>What the list must show at the server's present instant, most urgent first.</summary>
    public static async Task<List<string>> Expect(
        ApiClient client, IReadOnlyList<Guid> cards, DateTimeOffset now, int? within = null, string[]? stages = null, string[]? carriers = null)
    {
        return InOrder((await Lines(client, cards))
            .Where(l => stages is null ? Text(l, "stage") != "lost" : stages.Contains(Text(l, "stage")))
            .Where(l => carriers is null || carriers.Contains(Text(l, "carrier")))
            .Where(l => within is not { } days || l.GetProperty("settle").GetBoolean() || IsDueBy(l, now, days)));
    }

    /// <summary>All lines of cards as their cards tell them now.</summary>
    public static async Task<List<JsonElement>> Lines(ApiClient client, IReadOnlyList<Guid> cards)
    {
        var lines = new List<JsonElement>();
        foreach (var card in cards)
        {
            lines.AddRange((await client.Get($"/v1/cards/{card}")).Is(HttpStatusCode.OK).Json.GetProperty("lines").EnumerateArray());
        }
        return lines;
    }

    /// <summary>Lines most urgent first.</summary>
    public static List<string> InOrder(IEnumerable<JsonElement> lines) =>
        [
            .. lines
                .OrderByDescending(l => l.GetProperty("settle").GetBoolean())
                .ThenBy(l => Text(l, "dueOn") ?? "9999-12-31", StringComparer.Ordinal)
                .ThenBy(l => Array.IndexOf(["critical", "high", "normal"], Text(l, "importance")))
                .ThenBy(l => Text(l, "lineId"), StringComparer.Ordinal)
                .Select(l => l.GetRawText()),
        ];

    /// <summary>All pages of the list, one after another.</summary>
    /// <param name="byLink">Go by the header Link; otherwise by nextCursor.</param>
    public static async Task<List<string>> ReadAll(ApiClient client, string filters, int limit, bool byLink = false)
    {
        var rows = new List<string>();
        var first = string.Create(CultureInfo.InvariantCulture, $"/v1/due-list?limit={limit}{(filters.Length > 0 ? "&" : "")}{filters}");
        for (var next = first; next is not null;)
        {
            var page = (await client.Get(next)).Is(HttpStatusCode.OK);
            var items = page.Json.GetProperty("items").EnumerateArray().Select(item => item.GetRawText()).ToList();
            rows.AddRange(items);
            var cursor = page.Json.GetProperty("nextCursor").GetString();
            Assert.Equal(cursor is null, page.Header("Link") is null);
            Assert.True(cursor is null || items.Count == limit, "Only the last page may be short.");
            next = byLink ? Links.Next(page) : cursor is null ? null : $"{first}&cursor={cursor}";
        }
        return rows;
    }

    public static bool IsDueBy(JsonElement line, DateTimeOffset now, int days)
    {
        if (Text(line, "dueOn") is not { } due) return false;
        var today = Instant.FromDateTimeOffset(now).InZone(DateTimeZoneProviders.Tzdb[Text(line, "timeZone")!]).Date;
        return LocalDatePattern.Iso.Parse(due).Value <= today.PlusDays(days);
    }

    public static string? Text(JsonElement line, string name) => line.GetProperty(name).GetString();
}
