using System.Text.Json.Nodes;

namespace SimLedger.Tests.Rules.BruteForce;

/// <summary>Triggers with filters, and the extensions that they make.</summary>
/// <param name="channels">Codes of channels of the pack.</param>
internal sealed class RandomTriggers(Draw draw, IReadOnlyList<string> channels)
{
    private static readonly IReadOnlyList<string> Types =
        ["activated", "topUp", "topUp", "topUp", "renewed", "usage", "usage", "balance", "registered", "extended", "extended", "carrierStated", "voided"];

    public JsonObject Trigger(params IReadOnlyList<string> types)
    {
        var on = types.Count > 0 && draw.Chance(85) ? draw.One(types) : draw.One(Types);
        var trigger = new JsonObject { ["on"] = on };
        if (draw.Chance(30)) trigger["where"] = Filter();
        return trigger;
    }

    public JsonObject Extension(bool isExact)
    {
        var extension = Trigger("topUp", "topUp", "renewed", "extended", "usage");
        extension["combine"] = isExact ? draw.One("reset", "add", "max") : draw.One("reset", "add", "add", "max", "max", "set", "afterPlan", "endOfMonth");
        switch (draw.Between(0, 9))
        {
            case < 4:
                extension["by"] = RandomTerms.Any(draw, isExact);
                break;
            case < 6:
                extension["tiers"] = RandomTerms.Array(draw.Some("0", "5", "20", "50").Select(from =>
                    new JsonObject { ["from"] = from, ["by"] = RandomTerms.Any(draw, isExact) }).Reverse());
                break;
            case < 8:
                extension["perUnit"] = new JsonObject { ["amount"] = draw.One("1", "5", "10", "33.33"), ["by"] = RandomTerms.Any(draw, isExact) };
                break;
        }

        if (isExact) return extension;

        if (draw.Chance(30)) extension["cap"] = RandomTerms.Days(draw);
        if (draw.Chance(50)) extension["bonus"] = draw.Chance(90);
        return extension;
    }

    private JsonObject Filter()
    {
        var where = new JsonObject();
        foreach (var _ in Enumerable.Range(0, draw.One(1, 1, 1, 2, 3))) Add(where);
        return where;
    }

    private void Add(JsonObject where)
    {
        switch (draw.Between(0, 11))
        {
            case 0 or 1:
                where["minAmount"] = draw.One("0", "5", "10");
                break;
            case 2:
                where["maxAmount"] = draw.One("20", "50");
                break;
            case 3:
                where["channels"] = RandomTerms.Texts(draw.Some([.. channels, "site", "store", "thirdParty"]));
                break;
            case 4:
                where["offers"] = RandomTerms.Texts(draw.Some("o1", "o2", "gone"));
                break;
            case 5:
                where["usageKinds"] = RandomTerms.Texts(draw.Some("call", "sms", "mms", "data"));
                break;
            case 6:
                where["direction"] = draw.One("out", "in");
                break;
            case 7:
                where["chargeable"] = draw.Chance(70);
                break;
            case 8:
                where["paidOnly"] = draw.Chance(80);
                break;
            case 9:
                where["balanceAtMost"] = draw.One("5", "20", "50");
                break;
            case 10:
                where["balanceAtLeast"] = draw.One("-5", "0", "5");
                break;
            default:
                where["cumulativeAtLeast"] = draw.One("10", "20", "60", "100");
                where["within"] = RandomTerms.Days(draw);
                break;
        }
    }
}
