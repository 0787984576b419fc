using System.Text.Json.Nodes;
using NodaTime;

namespace SimLedger.Tests.Rules.BruteForce;

/// <summary>Rule versions: some alone, some that follow each other, leave gaps, overlap, or govern some lines only.</summary>
internal sealed class RandomRules(Draw draw, Season season, RandomTriggers triggers)
{
    /// <summary>One id is one clock, so its kind is the same in every version.</summary>
    private static readonly IReadOnlyList<(string Id, string Kind)> Ids =
    [
        ("load", "validity"), ("credit", "validity"), ("idle", "inactivity"), ("empty", "balance"), ("plan", "plan"), ("bundle", "plan"),
        ("id", "registration"), ("shelf", "stock"),
    ];

    /// <summary>The clocks of this product: versions mostly describe the same ones in other words.</summary>
    private readonly IReadOnlyList<(string Id, string Kind)> ids = [.. Ids.OrderBy(_ => draw.Between(0, 100)).Take(4)];

    public JsonArray Versions()
    {
        var count = draw.One(1, 1, 1, 2, 2, 3, 4);
        var from = draw.Near(season.Day, 400, draw.Chance(80) ? -150 : 20);
        var versions = Enumerable.Range(1, count).Select(number => Version(number, number == count, ref from)).ToList();
        return RandomTerms.Array(draw.Chance(80) ? versions : versions.OrderBy(_ => draw.Between(0, 100)));
    }

    private JsonObject Version(int number, bool isLast, ref LocalDate from)
    {
        var effective = new JsonObject { ["from"] = Date(from) };
        var to = draw.Near(season.Day, 130, 40 + (40 * number));
        if (to < from) to = from.PlusDays(10);
        if (!isLast || draw.Chance(15)) effective["to"] = Date(to);
        from = draw.Chance(60) ? to.PlusDays(1) : draw.Near(to, 30, 20); // A gap, an overlap, or neither.

        var version = new JsonObject { ["version"] = $"r{number}", ["effective"] = effective };
        if (draw.Chance(8)) version["cohort"] = Cohort();
        if (draw.Chance(8)) version["region"] = draw.One("north", "south");
        version["source"] = new JsonObject
        {
            ["title"] = "drawn", ["checkedOn"] = "2026-11-21", ["confidence"] = draw.One("official", "secondary", "user", "unverified"),
        };
        version["clocks"] = Clocks();
        if (draw.Chance(75)) version["ladder"] = Ladder();
        if (draw.Chance(30)) version["limits"] = Limits();
        return version;
    }

    private JsonObject Cohort()
    {
        var cohort = new JsonObject();
        var day = draw.Near(season.Day, 150, 0);
        if (draw.Chance(60)) cohort["activatedFrom"] = Date(day);
        if (draw.Chance(60)) cohort["activatedTo"] = Date(draw.Near(day, 0, 60));
        return cohort;
    }

    private JsonArray Clocks()
    {
        var own = draw.Chance(2) ? [] : ids.OrderBy(_ => draw.Between(0, 100)).Take(draw.One(1, 2, 2, 3, 3, 4)).ToList();
        return RandomTerms.Array(own.Select(each => Clock(each.Id, each.Kind, [.. own.Select(other => other.Id).Where(other => other != each.Id)])));
    }

    private JsonObject Clock(string id, string kind, IReadOnlyList<string> others)
    {
        var ends = draw.One("", "", "", "endOfDay", "00:00", "02:30", "12:00", "23:30", "exact", "exact");
        var isExact = ends == "exact";
        var clock = new JsonObject { ["id"] = id, ["kind"] = kind };
        var starts = draw.Times(draw.Chance(90) ? 1 : 0, 2, () => triggers.Trigger("activated", "activated", "topUp", "balance", "renewed"));
        clock["startsOn"] = RandomTerms.Array(starts);
        if (draw.Chance(25)) clock["stopsOn"] = RandomTerms.Array(draw.Times(1, 2, () => triggers.Trigger("topUp", "registered", "renewed")));
        clock["length"] = RandomTerms.Any(draw, isExact);
        if (!isExact && draw.Chance(25)) clock["firstDayCounts"] = draw.Chance(90);
        if (ends.Length > 0) clock["ends"] = ends;
        clock["extendedBy"] = RandomTerms.Array(draw.Times(draw.Chance(90) ? 1 : 0, 4, () => triggers.Extension(isExact)));
        if (!isExact && draw.Chance(25)) clock["autoExtend"] = AutoExtend();
        if (others.Count > 0 && draw.Chance(25)) clock["notBefore"] = draw.One(others);
        return clock;
    }

    private JsonObject AutoExtend()
    {
        var by = RandomTerms.Days(draw);
        if ((int)by["n"]! == 0) by["n"] = 1;
        var auto = new JsonObject { ["balanceAtLeast"] = draw.One("-5", "0", "5", "10", "20"), ["deduct"] = draw.One("5", "7.5", "10", "20"), ["by"] = by };
        if (draw.Chance(40)) auto["maxTimes"] = draw.Between(0, 3);
        return auto;
    }

    private JsonArray Ladder()
    {
        var isZero = draw.Chance(12);
        var stages = draw.Some("grace", "suspended", "reclaimable", "quarantine").Take(draw.One(0, 1, 2, 2, 3, 4));
        return RandomTerms.Array(stages.Select(stage => Rung(stage, isZero)));
    }

    private JsonObject Rung(string stage, bool isZero)
    {
        var length = RandomTerms.Days(draw);
        if (isZero) length["n"] = 0;
        var rung = new JsonObject { ["stage"] = stage, ["length"] = length };
        if (draw.Chance(55)) rung["exits"] = RandomTerms.Array(draw.Times(0, 2, () => triggers.Trigger("topUp", "renewed", "extended")));
        return rung;
    }

    private JsonObject Limits()
    {
        var limits = new JsonObject();
        if (draw.Chance(40)) limits["minTopUp"] = draw.One("5", "10");
        if (draw.Chance(40)) limits["maxTopUp"] = draw.One("20", "50");
        if (draw.Chance(40)) limits["maxPerMonth"] = draw.One("50", "100");
        if (draw.Chance(70)) limits["maxRemaining"] = RandomTerms.Days(draw);
        return limits;
    }

    private static string Date(LocalDate date) => NodaTime.Text.LocalDatePattern.Iso.Format(date);
}
