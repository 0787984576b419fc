using System.Globalization;
using System.Net;
using System.Text.Json;

namespace SimLedger.IntegrationTests.Http;

/// <summary>Cards of every carrier and of none, in every state, with tags, owners, importance, some with two lines, some retired.</summary>
internal static class RandomFleet
{
    public static readonly string[] Tags = ["otp", "spare", "Küche", "a,b", "back\\slash"];
    public static readonly string[] Owners = ["Ana Cruz", "Cruz, Ana", "李明", "Bo"];

    private static readonly (string? Carrier, string? Product, string Currency)[] Kinds =
    [
        ("cn-mobile", "keep-number-8", "CNY"), ("gb-giffgaff", "payg", "GBP"), ("hk-cmhk", "one-card-two-numbers", "HKD"), ("ph-smart", "prepaid", "PHP"),
        ("ph-tm", "prepaid", "PHP"), ("No such carrier", null, "EUR"), (null, null, "USD"),
    ];

    /// <param name="now">Of the server; what happened did so in the 700 days before.</param>
    public static async Task<List<Guid>> Record(ApiClient client, Random random, int count, DateTimeOffset now)
    {
        var cards = new List<Guid>();
        for (var i = 0; i < count; i++)
        {
            var (carrier, product, currency) = Kinds[i % Kinds.Length];
            var line = $"\"product\": {JsonSerializer.Serialize(product)}, \"activatedOn\": {(random.Next(4) > 0 ? $"\"{Day(random.Next(30, 700))}\"" : "null")}";
            var second = random.Next(4) == 0 ? $", {{ {line} }}" : "";
            var card = await client.Register(
                $$"""
                { "carrier": {{JsonSerializer.Serialize(carrier)}}, "importance": "{{Pick("normal", "high", "critical")}}", "tags": {{Some(Tags)}},
                  "owner": {{JsonSerializer.Serialize(random.Next(4) == 0 ? null : Pick(Owners))}}, "lines": [{ "number": "+8613{{i:000000000}}", {{line}} }{{second}}] }
                """);
            cards.Add(card);
            var lineId = (await client.Get($"/v1/cards/{card}")).Json.GetProperty("lines")[0].GetProperty("lineId").GetGuid();
            if (random.Next(5) > 0) await Post(card, "activations", $"\"lineId\": \"{lineId}\", \"at\": \"{Day(random.Next(0, 700))}\"");
            for (var entries = random.Next(4); entries > 0; entries--)
            {
                var (what, body) = random.Next(4) switch
                {
                    0 => ("carrier-statements", $"\"endsOn\": \"{Day(random.Next(-400, 200))}\""),
                    1 => ("renewals", $"\"amount\": \"30\", \"currency\": \"{currency}\""),
                    _ => ("top-ups", $"\"amount\": \"{random.Next(5, 400)}\", \"currency\": \"{currency}\", \"balanceAfter\": \"{random.Next(-20, 60)}\""),
                };
                await Post(card, what, $"\"lineId\": \"{lineId}\", \"at\": \"{Day(random.Next(0, 400))}\", {body}");
            }
            if (random.Next(4) == 0) await Post(card, "descriptions", $"\"tags\": {Some(Tags)}, \"owner\": \"{Pick(Owners)}\"");
            if (random.Next(10) == 0) await Post(card, "retirements", "");
        }
        return cards;

        async Task Post(Guid card, string what, string members) => (await client.Post($"/v1/cards/{card}/{what}", $"{{{members}}}")).Is(HttpStatusCode.OK);

        string Pick(params string[] values) => values[random.Next(values.Length)];

        string Some(string[] values) => JsonSerializer.Serialize(values.Where(_ => random.Next(3) == 0));

        string Day(int daysAgo) => now.AddDays(-daysAgo).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
    }
}
