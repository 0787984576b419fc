using System.Text.Json.Nodes;

namespace SimLedger.Tests.Rules.BruteForce;

/// <summary>Small terms and amounts, few of them, so that entries and deadlines meet.</summary>
internal static class RandomTerms
{
    public static readonly IReadOnlyList<string> Amounts = ["0", "1", "5", "10", "10.5", "20", "49.99", "50", "100", "1000"];

    public static JsonObject Days(Draw draw) => draw.Between(0, 19) switch
    {
        < 13 => Of(draw.One(1, 2, 3, 5, 7, 10, 14, 20, 30, 45), "day"),
        < 18 => Of(draw.One(1, 1, 2, 3), "month"),
        18 => Of(1, "year"),
        _ => Of(0, draw.One("day", "month", "year")),
    };

    public static JsonObject Any(Draw draw, bool isExact) => isExact && draw.Chance(60) ? Of(draw.One(0, 1, 12, 24, 36, 72, 240, 500), "hour") : Days(draw);

    public static JsonArray Array(IEnumerable<JsonNode> items) => new([.. items]);

    public static JsonArray Texts(IEnumerable<string> items) => new([.. items.Select(item => (JsonNode)item)]);

    private static JsonObject Of(int n, string unit) => new() { ["n"] = n, ["unit"] = unit };
}
