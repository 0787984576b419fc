using NodaTime;
using SimLedger.Rules;
using SimLedger.Rules.Planning;

namespace SimLedger.Tests.Rules.Planning;

/// <summary>A line and a pack made by chance, small enough for every schedule to be tried. All that packs can say about price and time takes part.</summary>
internal sealed record TinyCase(PlanLine Line, PlanRequest Request)
{
    /// <summary>Ten days before a month ends, so that months meet horizons; a Tuesday.</summary>
    private static readonly LocalDate Today = new(2026, 1, 20);
    private static readonly string[] Weekdays = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];

    public static TinyCase Of(int seed)
    {
        var chance = new Random(seed);
        var pack = Pack(chance);
        Entry[] history =
        [
            new("a", EntryType.Activated, EntryTime.On(Today.PlusDays(-chance.Next(0, 5)))),
            .. chance.Next(3) == 0 ? [new Entry("t", EntryType.TopUp, EntryTime.On(Today.PlusDays(-chance.Next(0, 4))), 20)] : Array.Empty<Entry>(),
            .. chance.Next(3) == 0 ? [new Entry("b", EntryType.Balance, EntryTime.On(Today.PlusDays(-chance.Next(0, 2))), 10 * chance.Next(0, 4))] : Array.Empty<Entry>(),
        ];
        var now = Today.At(new LocalTime(chance.Next(0, 24), 30)).InZoneLeniently(pack.Zone).ToInstant();
        var line = new PlanLine($"line-{seed}", pack, new Question("p", history, now), chance.Next(4) == 0 ? FormFactor.Esim : FormFactor.Physical);
        var request = new PlanRequest(
            now, new Term(chance.Next(7, 17), TermUnit.Day), chance.Next(0, 4), chance.Next(3) == 0 ? ["c1"] : null, chance.Next(0, 12), chance.Next(5) > 0);
        return new TinyCase(line, request);
    }

    private static RulePack Pack(Random chance)
    {
        var channels = Enumerable.Range(0, chance.Next(1, 4)).Select(i => Channel(i, chance));
        var offers = Enumerable.Range(0, chance.Next(0, 4)).Select(i => Offer(i, chance)).ToList();
        var promotions = Enumerable.Range(0, chance.Next(0, 3)).Select(i => Promotion(i, chance, offers.Count > 0));
        var twoVersions = chance.Next(3) == 0;
        var change = Today.PlusDays(chance.Next(1, 12));
        var rules = twoVersions
            ? Version(chance, "1", $"{{'from':'2010-01-01','to':'{Text(change.PlusDays(-1))}'}}") + "," + Version(chance, "2", $"{{'from':'{Text(change)}'}}")
            : Version(chance, "1", "{'from':'2010-01-01'}");
        return RuleSpec.Pack(
            rules, zone: chance.Next(2) == 0 ? "Asia/Manila" : "America/New_York",
            channels: string.Join(',', channels), promotions: string.Join(',', promotions), offers: string.Join(',', offers));
    }

    private static string Channel(int i, Random chance)
    {
        var closed = Weekdays.Where(_ => chance.Next(4) == 0).Take(6).Select(day => $"'{day}'");
        return $"{{'code':'c{i}','kind':'{(i == 0 ? "site" : "store")}','online':true,'trust':'carrier','closedOn':[{string.Join(',', closed)}]" +
            Maybe(chance, 3, $",'creditTakesDays':{chance.Next(1, 3)}") + Maybe(chance, 4, $",'leadDays':{chance.Next(1, 4)}") +
            Maybe(chance, 4, ",'needs':['physicalSim']") + Maybe(chance, 5, ",'minAmount':'20'") + Maybe(chance, 5, ",'maxAmount':'40'") +
            Maybe(chance, 4, $",'fee':{{'amount':'{chance.Next(1, 9)}','currency':'{(chance.Next(3) == 0 ? "USD" : "PHP")}'}}") + "}";
    }

    private static string Offer(int i, Random chance)
    {
        var kind = new[] { "topUp", "topUp", "renewal", "extension" }[chance.Next(4)];
        return $"{{'code':'o{i}','kind':'{kind}','amount':'{10 * chance.Next(1, 6)}','period':{{'n':{chance.Next(3, 9)},'unit':'day'}}" +
            Maybe(chance, 4, $",'from':'{Text(Today.PlusDays(chance.Next(-3, 8)))}'") + Maybe(chance, 4, $",'to':'{Text(Today.PlusDays(chance.Next(8, 14)))}'") +
            Maybe(chance, 4, ",'channels':['c0']") + Maybe(chance, 5, ",'fees':[{'kind':'handling','amount':'3'}]") + "}";
    }

    private static string Promotion(int i, Random chance, bool ofOffer)
    {
        var from = Today.PlusDays(chance.Next(-3, 8));
        var effect = chance.Next(2) == 0 ? $"'bonusDays':{chance.Next(1, 4)}" : $"'discountPercent':'{10 * chance.Next(1, 6)}'";
        return $"{{'code':'m{i}','from':'{Text(from)}','to':'{Text(from.PlusDays(chance.Next(1, 6)))}','effect':{{{effect}}}" +
            Maybe(chance, 3, ",'channels':['site']") + Maybe(chance, 4, ofOffer ? ",'offers':['o0']" : "") + "}";
    }

    private static string Version(Random chance, string version, string effective)
    {
        var clocks = Clock(chance, "validity", "validity", "topUp") + Maybe(chance, 2, "," + Clock(chance, "idle", "inactivity", chance.Next(2) == 0 ? "usage" : "renewed"));
        if (chance.Next(4) == 0) clocks += ",{'id':'plan','kind':'plan','startsOn':[{'on':'renewed'}],'length':{'n':5,'unit':'day'},'extendedBy':[]}";
        var limits = string.Join(',', new[]
        {
            Maybe(chance, 4, "'maxPerMonth':'50'"), Maybe(chance, 4, $"'maxRemaining':{{'n':{chance.Next(8, 14)},'unit':'day'}}"), Maybe(chance, 6, "'minTopUp':'20'"),
        }.Where(limit => limit.Length > 0));
        return RuleSpec.Version(clocks, limits.Length > 0 ? $",'limits':{{{limits}}}" : "", version, effective);
    }

    private static string Clock(Random chance, string id, string kind, string by)
    {
        var mode = new[] { "reset", "max", "add", "add", "max", "endOfMonth", "afterPlan" }[chance.Next(7)];
        var term = chance.Next(3) switch
        {
            0 when by == "topUp" => $"'tiers':[{{'from':'10','by':{Days(chance.Next(3, 6))}}},{{'from':'30','by':{Days(chance.Next(6, 11))}}}]",
            1 when by == "topUp" => $"'perUnit':{{'amount':'10','by':{Days(chance.Next(1, 4))}}}",
            _ => $"'by':{Days(chance.Next(4, 10))}",
        };
        var first = $"{{'on':'{by}',{term},'combine':'{mode}'" + Maybe(chance, 4, $",'cap':{Days(chance.Next(6, 14))}") + Maybe(chance, 2, ",'bonus':true") + "}";
        var second = Maybe(chance, 3, $",{{'on':'extended','combine':'{(chance.Next(2) == 0 ? "add" : "max")}'}}") + Maybe(chance, 4, $",{{'on':'renewed','by':{Days(chance.Next(4, 9))},'combine':'max'}}");
        var ends = chance.Next(5) == 0 ? ",'ends':'12:00'" : "";
        var auto = Maybe(chance, 5, ",'autoExtend':{'balanceAtLeast':'10','deduct':'10','by':{'n':3,'unit':'day'},'maxTimes':2}");
        return $"{{'id':'{id}','kind':'{kind}','startsOn':[{{'on':'activated'}}],'length':{Days(chance.Next(5, 11))}" +
            Maybe(chance, 4, ",'firstDayCounts':true") + $",'extendedBy':[{first}{second}]{ends}{auto}}}";
    }

    private static string Days(int n) => $"{{'n':{n},'unit':'day'}}";

    private static string Maybe(Random chance, int oneIn, string text) => chance.Next(oneIn) == 0 ? text : "";

    private static string Text(LocalDate date) => NodaTime.Text.LocalDatePattern.Iso.Format(date);
}
