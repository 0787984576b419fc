using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using SimLedger.Tests.Rules.BruteForce;

namespace SimLedger.Tests.Rules.Properties;

/// <summary>Packs that went wrong: drawn ones with members put to the ends of their ranges, of another type, or gone; and files with bytes knocked over.</summary>
internal static class ExtremePacks
{
    private static readonly IReadOnlyList<string> Dates = ["-9998-01-01", "-9998-01-02", "0001-01-01", "9999-12-30", "9999-12-31", "2026-02-30"];
    private static readonly IReadOnlyList<string> Amounts = ["999999999999999.999999", "0.000001", "-999999999999999.999999", "0", "79228162514264337593543950335"];

    /// <summary>With numbers, dates and amounts from the ends of what the reader takes, so that most are still read.</summary>
    public static JsonObject AtTheEnds(JsonObject pack, Draw draw)
    {
        var extreme = (JsonObject)pack.DeepClone();
        foreach (var member in Members(extreme).ToList())
        {
            if (member.Parent is not JsonObject owner || !draw.Chance(15)) continue;

            var name = member.GetPropertyName();
            if (name == "n") owner[name] = Most((string?)owner["unit"]);
            else if (name is "from" or "to" or "activatedFrom" or "activatedTo" && owner["by"] is null) owner[name] = draw.One(Dates);
            else if (name is "minAmount" or "maxAmount" or "amount" or "deduct" or "cumulativeAtLeast" or "minTopUp") owner[name] = draw.One(Amounts);
            else if (name is "balanceAtLeast" or "balanceAtMost") owner[name] = draw.One(Amounts);
            else if (name is "bonusDays") owner[name] = 36_500;
            else if (name is "maxTimes") owner[name] = 100_000;
        }

        return extreme;
    }

    /// <summary>With some members of another type or gone.</summary>
    public static byte[] Broken(JsonObject pack, Draw draw)
    {
        var broken = (JsonObject)pack.DeepClone();
        foreach (var member in Members(broken).ToList())
        {
            if (!draw.Chance(3)) continue;

            if (member.Parent is JsonObject owner) owner[member.GetPropertyName()] = Odd(draw);
            else if (member.Parent is JsonArray list) list[member.GetElementIndex()] = Odd(draw);
        }

        return JsonSerializer.SerializeToUtf8Bytes(broken);
    }

    /// <summary>With some bytes changed, cut out or put in.</summary>
    public static byte[] KnockedOver(JsonObject pack, Draw draw)
    {
        var bytes = JsonSerializer.SerializeToUtf8Bytes(pack).ToList();
        for (var times = draw.Between(1, 4); times > 0; times--)
        {
            var place = draw.Between(0, bytes.Count - 1);
            if (draw.Chance(40)) bytes[place] = (byte)draw.Between(0, 255);
            else if (draw.Chance(50)) bytes.RemoveRange(place, Math.Min(bytes.Count - place - 1, draw.Between(1, 20)));
            else bytes.Insert(place, draw.One(Encoding.UTF8.GetBytes("{}[],:\"\\09-eE.ut\0")));
        }

        return [.. bytes];
    }

    private static JsonNode? Odd(Draw draw) => draw.Between(0, 9) switch
    {
        0 => null,
        1 => -1,
        2 => JsonNode.Parse("1e400"),
        3 => "",
        4 => "\uD800x",
        5 => new JsonObject(),
        6 => new JsonArray(null, "x", 1.5),
        7 => true,
        8 => JsonNode.Parse("123456789012345678901234567890"),
        _ => "2026-13-45",
    };

    private static int Most(string? unit) => unit switch { "hour" => 876_000, "day" => 36_500, "month" => 1_200, _ => 100 };

    private static IEnumerable<JsonNode> Members(JsonNode node)
    {
        var children = node switch
        {
            JsonObject members => members.Select(member => member.Value).OfType<JsonNode>(),
            JsonArray items => items.OfType<JsonNode>(),
            _ => [],
        };
        return children.SelectMany(child => Members(child).Prepend(child));
    }
}
