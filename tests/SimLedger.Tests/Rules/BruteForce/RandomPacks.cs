using System.Text.Json.Nodes;
using NodaTime.Text;

namespace SimLedger.Tests.Rules.BruteForce;

/// <summary>Packs as a person could write them: JSON, to be read by the reader, which refuses what the format forbids.</summary>
internal sealed class RandomPacks(Draw draw, Season season)
{
    public const string Product = "p";
    public const string Currency = "PHP";

    public JsonObject Pack()
    {
        var channels = draw.Some("web", "shop", "agent");
        return new JsonObject
        {
            ["format"] = "simledger.rulepack/1",
            ["code"] = "xx-drawn",
            ["name"] = new JsonObject { ["en"] = "Drawn" },
            ["country"] = "PH",
            ["timeZone"] = season.Zone,
            ["channels"] = RandomTerms.Array(channels.Select(Channel)),
            ["products"] = RandomTerms.Array(draw.Chance(90) ? [Sold(Product, channels)] : [Sold("another", channels), Sold(Product, channels)]),
        };
    }

    private JsonObject Sold(string code, IReadOnlyList<string> channels) => new()
    {
        ["code"] = code,
        ["name"] = new JsonObject { ["en"] = "P" },
        ["currency"] = Currency,
        ["offers"] = RandomTerms.Array(new[] { "o1", "o2", "gone" }.Select(Offer)),
        ["promotions"] = RandomTerms.Array(draw.Some("PLUS", "MORE").Select(promotion => Promotion(promotion, channels))),
        ["rules"] = new RandomRules(draw, season, new RandomTriggers(draw, channels)).Versions(),
    };

    private JsonObject Channel(string code)
    {
        var channel = new JsonObject { ["code"] = code, ["kind"] = draw.One("site", "store", "thirdParty"), ["online"] = true, ["trust"] = "carrier" };
        if (draw.Chance(60)) channel["creditTakesDays"] = draw.Between(0, 5);
        if (draw.Chance(60)) channel["leadDays"] = draw.Between(0, 5);
        if (draw.Chance(60)) channel["closedOn"] = RandomTerms.Texts(draw.Some("mon", "tue", "fri", "sat", "sun"));
        return channel;
    }

    private JsonObject Promotion(string code, IReadOnlyList<string> channels)
    {
        var from = draw.Near(season.Day, 150, 20);
        var promotion = new JsonObject
        {
            ["code"] = code,
            ["from"] = LocalDatePattern.Iso.Format(from),
            ["to"] = LocalDatePattern.Iso.Format(draw.Near(from, 0, 200)),
            ["effect"] = draw.Chance(90) ? new JsonObject { ["bonusDays"] = draw.One(0, 1, 5, 30) } : [],
        };
        if (draw.Chance(25)) promotion["channels"] = RandomTerms.Texts(draw.Some([.. channels, "site", "store"]));
        if (draw.Chance(25)) promotion["offers"] = RandomTerms.Texts(draw.Some("o1", "o2"));
        return promotion;
    }

    private static JsonObject Offer(string code) => new() { ["code"] = code, ["kind"] = "topUp", ["amount"] = "10" };
}
