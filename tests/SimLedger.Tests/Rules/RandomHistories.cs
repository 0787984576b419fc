using FsCheck;
using FsCheck.Fluent;
using NodaTime;
using SimLedger.Rules;

namespace SimLedger.Tests.Rules;

/// <summary>Histories and packs for property tests: few days, few amounts, so that entries meet at the edges of rules.</summary>
internal static class RandomHistories
{
    private static readonly LocalDate FirstDay = new(2025, 1, 1);

    /// <summary>One rule with every kind of clock, combination, filter and stage; another one before it.</summary>
    public static readonly RulePack RichPack = RuleSpec.Pack(
        RuleSpec.Version(RichClocks("reset") + "," + Old, Ladder + ",'limits':{'minTopUp':'10','maxPerMonth':'100','maxRemaining':{'n':120,'unit':'day'}}",
            "1", "{'from':'2024-06-01','to':'2025-03-31'}") + "," +
        RuleSpec.Version(RuleSpec.Validity("{'on':'topUp','by':{'n':1,'unit':'month'},'combine':'max'}"), ",'cohort':{'activatedFrom':'2025-01-05'}", "3",
            "{'from':'2025-05-01'}") + "," +
        RuleSpec.Version(RichClocks("add"), Ladder, "2", "{'from':'2025-03-20'}"),
        zone: "Europe/London",
        channels: "{'code':'web','kind':'site','online':true,'trust':'carrier','closedOn':['sun'],'leadDays':2}",
        promotions: "{'code':'PLUS','from':'2025-01-01','to':'2025-12-31','channels':['site'],'effect':{'bonusDays':7}}");

    /// <summary>Only additions and maxima, with all that could cut them short.</summary>
    public static readonly RulePack GrowingPack = RuleSpec.Pack(RuleSpec.Version(
        RuleSpec.Validity("{'on':'topUp','by':{'n':40,'unit':'day'},'combine':'add','cap':{'n':20,'unit':'day'},'bonus':true},{'on':'usage','by':{'n':10," +
            "'unit':'day'},'combine':'max','cap':{'n':5,'unit':'day'}}"),
        ",'limits':{'maxRemaining':{'n':15,'unit':'day'}}"));

    private const string Old = "{'id':'old','kind':'plan','startsOn':[{'on':'topUp'}],'length':{'n':100,'unit':'day'},'extendedBy':[]}";

    private const string Ladder = ",'ladder':[{'stage':'grace','length':{'n':10,'unit':'day'}},{'stage':'suspended','length':{'n':1,'unit':'month'}," +
        "'exits':[{'on':'topUp','where':{'minAmount':'50'}}]},{'stage':'quarantine','length':{'n':20,'unit':'day'},'exits':[]}]";

    private static string RichClocks(string combine) =>
        "{'id':'plan','kind':'plan','startsOn':[{'on':'renewed'}],'stopsOn':[{'on':'registered'}],'length':{'n':72,'unit':'hour'},'ends':'exact'," +
            "'extendedBy':[{'on':'renewed','by':{'n':1,'unit':'month'},'combine':'max'}]}," +
        "{'id':'credit','kind':'validity','startsOn':[{'on':'activated'}],'length':{'n':1,'unit':'month'},'firstDayCounts':true,'notBefore':'plan'," +
            "'extendedBy':[" +
        $"{{'on':'topUp','tiers':[{{'from':'10','by':{{'n':10,'unit':'day'}}}},{{'from':'50','by':{{'n':2,'unit':'month'}}}}],'combine':'{combine}'," +
            $"'cap':{{'n':90,'unit':'day'}},'bonus':true}}," +
        "{'on':'extended','combine':'afterPlan'},{'on':'extended','combine':'set'}]}," +
        "{'id':'idle','kind':'inactivity','startsOn':[{'on':'activated'}],'length':{'n':30,'unit':'day'},'ends':'01:30','extendedBy':[{'on':'usage'," +
            "'where':{'cumulativeAtLeast':'30','within':{'n':30,'unit':'day'}},'by':{'n':30,'unit':'day'},'combine':'max'}]," +
        "'autoExtend':{'balanceAtLeast':'20','deduct':'15','by':{'n':10,'unit':'day'},'maxTimes':3}}," +
        "{'id':'empty','kind':'balance','startsOn':[{'on':'balance','where':{'balanceAtMost':'0'}}],'stopsOn':[{'on':'topUp'}],'length':{'n':20," +
            "'unit':'day'},'extendedBy':[{'on':'renewed','by':{'n':0,'unit':'day'},'combine':'endOfMonth'}]}";

    public static readonly Gen<RulePack> Packs = Gen.Elements(RichPack, GrowingPack);

    /// <summary>Entries at distinct instants, in no order; voids of any of them, of themselves and of nothing.</summary>
    public static readonly Gen<Entry[]> Histories =
        from count in Gen.Choose(0, 12)
        from hours in Gen.ArrayOf(Gen.Choose(0, 24 * 400), count)
        from entries in Gen.ArrayOf(Entry(), count)
        select Distinct(entries, hours);

    public static readonly Gen<Instant> Instants = Gen.Choose(0, 24 * 450).Select(AtHour);

    /// <summary>The whole answer as text, so that two can be compared; without what is told entry by entry.</summary>
    public static string Told(Standing standing) => string.Join(
        '|',
        standing with { Stages = [], Clocks = [], Flags = [], Entries = [], HoldsUntil = null },
        string.Join(',', standing.Stages),
        string.Join(',', standing.Clocks),
        string.Join(',', standing.Flags));

    public static Standing Ask(RulePack pack, IReadOnlyList<Entry> history, Instant asOf) =>
        Evaluator.Evaluate(pack, new Question("p", history, asOf, Channel: "web"));

    public static Instant AtHour(int hour) => FirstDay.AtMidnight().InUtc().ToInstant() + Duration.FromHours(hour);

    private static Gen<Entry> Entry() =>
        from type in Gen.Elements(Enum.GetValues<EntryType>())
        from amount in Gen.Elements<decimal?>(null, -5, 0, 10, 20, 49.99m, 50, 1000)
        from currency in Gen.Frequency((9, Gen.Constant<string?>(null)), (1, Gen.Constant<string?>("USD")))
        from promotion in Gen.Elements(null, "PLUS", "OTHER")
        from channel in Gen.Elements(null, "web", "elsewhere")
        from days in Gen.Choose(-60, 200)
        from hasEnd in Gen.Elements(true, true, false)
        from clock in Gen.Elements(null, "plan", "credit", "validity", "unheard-of")
        from target in Gen.Choose(0, 14)
        select new Entry(
            "", type, default, amount, currency, channel, null, promotion,
            BalanceAfter: type is EntryType.TopUp ? amount : null,
            EndsOn: hasEnd ? FirstDay.PlusDays(days + 100) : null,
            Clock: clock,
            Period: days % 2 == 0 ? new Term(Math.Abs(days), TermUnit.Day) : null,
            Voids: $"e{target}");

    private static Entry[] Distinct(Entry[] entries, int[] hours)
    {
        var taken = new HashSet<int>();
        for (var i = 0; i < entries.Length; i++)
        {
            while (!taken.Add(hours[i])) hours[i]++;
            entries[i] = entries[i] with { Id = $"e{i}", At = EntryTime.At(AtHour(hours[i])) };
        }

        return entries;
    }
}
