using SimLedger.Rules;
using static SimLedger.Tests.Rules.RuleSpec;

namespace SimLedger.Tests.Rules.Explaining;

/// <summary>Lines that together make an explanation say everything it can.</summary>
internal static class Examples
{
    private const string Month = "'by':{'n':30,'unit':'day'}";

    private const string Channels =
        "{'code':'web','kind':'site','online':true,'trust':'carrier','name':{'en':'Spec website','zh-Hans':'Spec 网站'},'creditTakesDays':2}," +
        "{'code':'shop','kind':'store','online':false,'trust':'carrier'}";

    private const string Ladder =
        ",'ladder':[{'stage':'grace','length':{'n':10,'unit':'day'},'services':{'in':true,'out':false},'balance':'kept','note':'Read on the box.'}," +
        "{'stage':'suspended','length':{'n':20,'unit':'day'},'balance':'frozen','exits':[{'on':'topUp','where':{'minAmount':'50','channels':['store']}}]}," +
        "{'stage':'quarantine','length':{'n':30,'unit':'day'},'services':{'in':false,'out':false},'balance':'forfeited','exits':[]}]";

    private static readonly RulePack Laddered = Pack(
        Version(Validity($"{{'on':'topUp','where':{{'channels':['web','shop']}},'combine':'max',{Month}}}"), Ladder), channels: Channels);

    public static IReadOnlyList<(RulePack? Pack, Question Question)> All { get; } =
    [
        .. WhatMadeTheDates(), .. WhatBindsAndWhatIsWasted(), .. WhatFollows(), .. WhatIsUnknown(), .. WhatIsIgnored(), .. WhatFiltersRefuse(),
    ];

    private static IEnumerable<(RulePack?, Question)> WhatMadeTheDates()
    {
        var max = Pack(Version(Validity($"{{'on':'topUp','combine':'max',{Month}}}")));
        yield return Case(max, "2026-01-10", Activated("2026-01-01"), TopUp("2026-01-05", 20));
        yield return Case(max, "2026-03-10", TopUp("2026-01-05", 20), TopUp("2026-03-05", 20, "t2"));
        yield return Case(max, "2026-01-10", Stated("2026-01-05", "2026-06-01"), Stated("2026-01-06", "2026-06-01", "s2"), Stated("2026-01-07", "2026-06-03", "s3"));
        yield return Case(max, "2026-01-10", Activated("2026-01-01"), Stated("2026-01-05", "2026-01-08"));
        yield return Case(Pack(Version(Validity($"{{'on':'topUp','combine':'add',{Month}}}"))), "2026-01-10", Activated("2026-01-01"), TopUp("2026-01-05", 20));
        yield return Case(Pack(Version(Validity("{'on':'balance','combine':'max','by':{'n':0,'unit':'day'}}"))), "2026-01-10", Activated("2026-01-01"), Balance("2026-01-05", 20));
        yield return Case(Pack(Version(Validity("{'on':'extended','combine':'set'}"))), "2026-01-10", Activated("2026-01-01"), Extended("2026-01-05") with { EndsOn = Date("2026-02-05") });
        yield return Case(
            Pack(Version(Validity($"{{'on':'topUp','combine':'endOfMonth',{Month}}}", ",'firstDayCounts':true"))), "2026-01-10", Activated("2026-01-01"), TopUp("2026-01-05", 20));
        var plan = Clock("plan", "plan", "renewed", "{'n':7,'unit':'day'}");
        yield return Case(
            Pack(Version(plan + "," + Validity($"{{'on':'topUp','combine':'afterPlan',{Month}}}"))), "2026-01-10",
            Activated("2026-01-01"), Renewed("2026-01-02"), TopUp("2026-01-05", 20));

        var bonus = Pack(
            Version(Validity($"{{'on':'topUp','combine':'max','bonus':true,{Month}}}")),
            promotions: "{'code':'PLUS','from':'2026-01-01','to':'2026-12-31','effect':{'bonusDays':5}}");
        yield return Case(bonus, "2026-01-10", Activated("2026-01-01"), TopUp("2026-01-05", 20) with { Promotion = "PLUS" });
        yield return Case(bonus, "2026-01-10", Stated("2026-01-01", "2026-06-01"), TopUp("2026-01-05", 20) with { Promotion = "PLUS" });

        var automatic = Pack(Version(Validity("", ",'autoExtend':{'balanceAtLeast':'8','deduct':'8','by':{'n':1,'unit':'month'}}")));
        yield return Case(automatic, "2026-01-10", Activated("2026-01-01"), Balance("2026-01-05", 9.5m));
        yield return Case(automatic, "2026-01-10", Activated("2026-01-01"), Balance("2026-01-05", 25));

        var limit = Clock("idle", "inactivity", "activated", "{'n':20,'unit':'day'}");
        yield return Case(
            Pack(Version(limit + "," + Validity("", ",'stopsOn':[{'on':'registered'}]"))), "2026-01-30",
            Activated("2026-01-01"), Stated("2026-01-25", "2026-03-01"), new Entry("r", EntryType.Registered, At("2026-01-26")));
        yield return Case(
            Pack(
                Version(limit, version: "1", effective: "{'from':'2020-01-01','to':'2026-01-09'}") + "," +
                Version(Validity(""), version: "2", effective: "{'from':'2026-01-10'}")),
            "2026-01-20", Activated("2026-01-01"), TopUp("2026-01-12", 20));
        yield return Case(
            Pack(Version(Validity(""), effective: "{'from':'2026-01-10'}")), "2026-01-20", Stated("2026-01-01", "2026-02-01"));

        var held = Pack(Version(
            Clock("plan", "plan", "renewed", "{'n':72,'unit':'hour'}", ",'ends':'exact','stopsOn':[{'on':'registered'}]") + "," +
            Validity("", ",'notBefore':'plan'", "{'n':1,'unit':'day'}")));
        yield return Case(held, "2026-01-02", Activated("2026-01-01"), Renewed("2026-01-01T10:30:00+08:00"));
        yield return Case(held, "2026-01-02", Renewed("2026-01-01T08:30:00+08:00"), Activated("2026-01-01T09:00:00+08:00"), new Entry("r", EntryType.Registered, At("2026-01-02")));
        yield return Case(null, "2026-05-02", Stated("2026-01-05", "2026-06-01"));
        yield return Case(null, "2026-06-02", Stated("2026-01-05", "2026-06-01"));
    }

    private static IEnumerable<(RulePack?, Question)> WhatBindsAndWhatIsWasted()
    {
        var two = Version(Clock("idle", "inactivity", "activated", "{'n':31,'unit':'day'}") + "," + Validity(""));
        yield return Case(Pack(two), "2026-01-10", Activated("2026-01-01"));
        yield return Case(Pack(two.Replace("31", "30", StringComparison.Ordinal)), "2026-01-10", Activated("2026-01-01"));
        yield return Case(Pack(Version(Validity("", ",'ends':'18:00'"))), "2026-01-25", Activated("2026-01-01"));

        var (pack, question) = Case(Laddered, "2026-01-10", Activated("2026-01-01"));
        yield return (pack, question with { Channel = "web" });

        var capped = Pack(Version(Validity($"{{'on':'topUp','combine':'add','cap':{{'n':40,'unit':'day'}},{Month}}}")));
        yield return Case(capped, "2026-01-10", Activated("2026-01-01"), TopUp("2026-01-05", 20));
        yield return Case(Laddered, "2026-01-10", Stated("2026-01-01", "2026-06-01"), TopUp("2026-01-05", 20) with { Channel = "web" });
        yield return Case(Pack(Version(Validity("{'on':'topUp','combine':'reset','by':{'n':1,'unit':'day'}}"))), "2026-01-02", Activated("2026-01-01"), TopUp("2026-01-01", 20));
    }

    private static IEnumerable<(RulePack?, Question)> WhatFollows()
    {
        yield return Case(Laddered, "2026-02-05", Activated("2026-01-01"));
        yield return Case(Laddered, "2026-02-20", Activated("2026-01-01"), TopUp("2026-02-15", 20) with { Channel = "web" });
        yield return Case(Laddered, "2026-03-10", Activated("2026-01-01"), TopUp("2026-03-09", 50) with { Channel = "shop" });
        yield return Case(Laddered, "2026-06-10", Activated("2026-01-01"), TopUp("2026-06-01", 50) with { Channel = "shop" });
        yield return Case(Pack(Version(Validity($"{{'on':'topUp','combine':'add',{Month}}}"))), "2026-02-10", Activated("2026-01-01"));
        yield return Case(Pack(Version(Validity("", ",'stopsOn':[{'on':'registered'}]"))), "2026-01-10", Activated("2026-01-01"));
        yield return Case(Pack(Version(Validity(""))), "2026-01-10", Activated("2026-01-01"));
    }

    private static IEnumerable<(RulePack?, Question)> WhatIsUnknown()
    {
        var pack = Pack(Version(Validity("")));
        yield return Case(null, "2026-01-10", Activated("2026-01-01"));
        yield return (pack, About(pack, "2026-01-10") with { Product = "" });
        yield return (pack, About(pack, "2026-01-10") with { Product = "no-such" });
        yield return Case(pack, "2026-01-10");
        yield return Case(Pack(Version(Validity(""), effective: "{'from':'2027-01-01'}")), "2026-01-10", Activated("2026-01-01"));
        yield return Case(Pack(Version(Validity(""), ",'cohort':{'activatedFrom':'2026-01-01'}")), "2026-01-10", TopUp("2026-01-05", 20));
        yield return Case(Pack(Version(Validity(""), ",'region':'Luzon'")), "2026-01-10", Activated("2026-01-01"));
        yield return Case(Pack(Version(Validity("")) + "," + Version(Validity(""), version: "2")), "2026-01-10", Activated("2026-01-01"));
        yield return Case(
            Pack(Version(Validity("")).Replace("'user'", "'unverified'", StringComparison.Ordinal).Replace("2026-11-21", "2024-11-21", StringComparison.Ordinal)),
            "2026-01-10", Activated("2026-01-01"), Balance("2026-01-05", -3));
        yield return Case(
            Pack(Version(Validity($"{{'on':'topUp','combine':'add',{Month}}}"), ",'limits':{'minTopUp':'10','maxTopUp':'100'}")), "2026-01-10",
            Activated("2026-01-01"), TopUp("2026-01-05", 5), TopUp("2026-01-06", 20, "t2") with { Currency = "USD" });
    }

    private static IEnumerable<(RulePack?, Question)> WhatIsIgnored()
    {
        var pack = Pack(Version(Validity(
            $"{{'on':'extended','combine':'set'}},{{'on':'renewed','combine':'max'}},{{'on':'registered','combine':'max',{Month}}}", ",'stopsOn':[{'on':'topUp'}]")));
        yield return Case(
            pack, "2026-01-10",
            Activated("2026-01-01"), Activated("2026-01-02", "a2"), TopUp("2026-01-03", 20), Renewed("2026-01-04"), Extended("2026-01-04"), Use("2026-01-05"),
            new Entry("r", EntryType.Registered, At("2026-01-05")), Balance("2026-01-06", 20), TopUp("2026-01-07", 30, "t2"), TopUp("2026-01-07", 30, "t3"),
            new Entry("v1", EntryType.Voided, At("2026-01-08"), Voids: "t2"), new Entry("v2", EntryType.Voided, At("2026-01-08"), Voids: "none"),
            new Entry("v3", EntryType.Voided, At("2026-01-12"), Voids: "t3"), TopUp("2026-01-12", 30, "t4"));
        yield return Case(pack, "2026-01-10", Activated("2026-01-01"), Renewed("2026-01-04"), Extended("2026-01-04"));
        yield return Case(
            Pack(Version(
                Clock("plan", "plan", "renewed", "{'n':7,'unit':'day'}") + "," + Clock("sim", "registration", "registered", "{'n':9,'unit':'day'}"),
                ",'ladder':[{'stage':'grace','length':{'n':0,'unit':'day'}}]")),
            "2026-06-10", Renewed("2026-01-01"), new Entry("r", EntryType.Registered, At("2026-05-01")));
    }

    private static IEnumerable<(RulePack?, Question)> WhatFiltersRefuse()
    {
        foreach (var (where, entry) in new (string, Entry)[]
        {
            ("'minAmount':'50'", TopUp("2026-01-05", 20)),
            ("'minAmount':'50'", TopUp("2026-01-05")),
            ("'minAmount':'50'", TopUp("2026-01-05", 60) with { Currency = "USD" }),
            ("'maxAmount':'50'", TopUp("2026-01-05", 60)),
            ("'channels':['web','app']", TopUp("2026-01-05", 60)),
            ("'offers':['o1','o2']", TopUp("2026-01-05", 60)),
            ("'paidOnly':true", TopUp("2026-01-05", 60) with { Promotion = "PLUS" }),
            ("'balanceAtMost':'5'", Balance("2026-01-05", 6)),
            ("'balanceAtLeast':'5'", Balance("2026-01-05", 4)),
            ("'balanceAtLeast':'5'", TopUp("2026-01-05", 4)),
            ("'cumulativeAtLeast':'50','within':{'n':1,'unit':'month'}", TopUp("2026-01-05", 20)),
            ("'usageKinds':['call','sms','mms']", Use("2026-01-05", UsageKind.Data)),
            ("'direction':'out'", Use("2026-01-05", UsageKind.Sms, Direction.In)),
            ("'direction':'in'", Use("2026-01-05", UsageKind.Call, Direction.Out)),
            ("'direction':'in'", Use("2026-01-05", UsageKind.Mms)),
            ("'chargeable':true", Use("2026-01-05", UsageKind.Call, Direction.Out) with { Chargeable = false }),
            ("'chargeable':false", Use("2026-01-05", UsageKind.Mms, Direction.In) with { Chargeable = true }),
            ("'chargeable':true", Use("2026-01-05", UsageKind.Sms, Direction.Out)),
        })
        {
            var pack = Pack(
                Version(Validity($"{{'on':'{EnumNames.Of(entry.Type)}','where':{{{where}}},'combine':'max',{Month}}}")),
                channels: Channels, offers: "{'code':'o1','kind':'topUp','amount':'50'},{'code':'o2','kind':'topUp','amount':'60'}");
            yield return Case(pack, "2026-01-10", Activated("2026-01-01"), entry);
        }
    }

    private static (RulePack?, Question) Case(RulePack? pack, string asOf, params Entry[] history) => (pack, About(pack ?? RulePack.WithoutRules, asOf, history));

    private static string Clock(string id, string kind, string startsOn, string length, string more = "") =>
        $"{{'id':'{id}','kind':'{kind}','startsOn':[{{'on':'{startsOn}'}}],'length':{length},'extendedBy':[]{more}}}";

    private static Entry Renewed(string at) => new("n", EntryType.Renewed, At(at));

    private static Entry Extended(string at) => new("x", EntryType.Extended, At(at));

    private static Entry Use(string at, UsageKind? kind = null, Direction? direction = null) => new("u", EntryType.Usage, At(at), UsageKind: kind, Direction: direction);
}
