using System.Text.Json;
using NodaTime;

namespace SimLedger.Rules.Reading;

/// <summary>Reads section 4 of the format but for triggers: versions, clocks, ladders.</summary>
internal sealed class RuleReading(ChannelReferences channels, HashSet<string> offerCodes, FindingList findings)
{
    private readonly TriggerReading triggers = new(channels, offerCodes, findings);

    public RuleVersion Read(JsonElement element, string path)
    {
        var members = new JsonMembers(element, path, findings);
        var version = members.Text("version");
        var (from, to) = Effective(members);
        var cohort = Cohort(members);
        var region = members.OptionalText("region");
        var source = Source(members);
        var clocks = members.RequiredList("clocks", Clock);
        PackReading.Unique(clocks, clock => clock.Id, members.PathOf("clocks"), "id", findings);
        RequireHolders(clocks, members.PathOf("clocks"));
        var ladder = members.List("ladder", LadderStage) ?? [];
        var limits = Limits(members);
        members.RefuseOthers();

        return new RuleVersion(version, from, to, cohort, region, source, clocks, ladder, limits);
    }

    private (LocalDate From, LocalDate? To) Effective(JsonMembers members)
    {
        if (members.RequiredObject("effective") is not { } effective) return default;

        var (from, to) = (effective.Date("from"), effective.OptionalDate("to"));
        effective.RefuseOthers();
        if (from != default) PackReading.RequireOrder(from, to, effective, "from", "to", findings);
        return (from, to);
    }

    private Cohort? Cohort(JsonMembers members)
    {
        if (members.Object("cohort") is not { } cohort) return null;

        var read = new Cohort(cohort.OptionalDate("activatedFrom"), cohort.OptionalDate("activatedTo"));
        cohort.RefuseOthers();
        PackReading.RequireOrder(read.ActivatedFrom, read.ActivatedTo, cohort, "activatedFrom", "activatedTo", findings);
        return read;
    }

    private static Source Source(JsonMembers members)
    {
        if (members.RequiredObject("source") is not { } source) return new Source("", null, default, Confidence.Unverified);

        var read = new Source(source.Text("title"), source.OptionalText("url"), source.Date("checkedOn"), source.Enum<Confidence>("confidence"));
        source.RefuseOthers();
        return read;
    }

    private Clock Clock(JsonElement element, string path)
    {
        var members = new JsonMembers(element, path, findings);
        var id = members.Text("id");
        if (id == Rules.Clock.StatedId)
        {
            findings.Error(members.PathOf("id"), $"\"{id}\" is the name of the clock that only the carrier's word starts.", "Choose another id.");
        }

        var ends = Ends(members);
        var clock = new Clock(
            id,
            members.Enum<ClockKind>("kind"),
            members.RequiredList("startsOn", triggers.Trigger),
            members.List("stopsOn", triggers.Trigger) ?? [],
            members.Term("length", findings, hours: ends.IsExact),
            members.OptionalFlag("firstDayCounts") ?? false,
            ends,
            members.RequiredList("extendedBy", (item, at) => triggers.Extension(item, at, ends)),
            AutoExtend(members),
            members.OptionalText("notBefore"));
        members.RefuseOthers();

        if (ends.IsExact) RefuseWithExact(clock, members);
        return clock;
    }

    private void RefuseWithExact(Clock clock, JsonMembers members)
    {
        const string Cure = "Remove it, or let the clock end on a day.";
        if (clock.FirstDayCounts) findings.Error(members.PathOf("firstDayCounts"), "A clock that ends exact counts no days.", Cure);
        if (clock.AutoExtend is not null) findings.Error(members.PathOf("autoExtend"), "A clock that ends exact has no automatic extension.", Cure);
    }

    private ClockEnd Ends(JsonMembers members)
    {
        if (members.OptionalText("ends") is not { Length: > 0 } ends) return ClockEnd.EndOfDay;
        if (ends == "endOfDay") return ClockEnd.EndOfDay;
        if (ends == "exact") return ClockEnd.Exact;
        if (ends.Length == 5 && TimeOnly.TryParseExact(ends, "HH:mm", out var time)) return ClockEnd.At(new LocalTime(time.Hour, time.Minute));

        findings.Error(members.PathOf("ends"), $"\"{ends}\" is no end of a clock.", "Write \"endOfDay\", \"exact\" or a local time such as \"18:00\".");
        return ClockEnd.EndOfDay;
    }

    private AutoExtension? AutoExtend(JsonMembers members)
    {
        if (members.Object("autoExtend") is not { } auto) return null;

        var read = new AutoExtension(
            auto.Money("balanceAtLeast"),
            auto.Money("deduct"),
            auto.Term("by", findings, hours: false),
            auto.OptionalWhole("maxTimes", 0, 100_000));
        auto.RefuseOthers();

        if (auto.Has("deduct") && read.Deduct <= 0)
        {
            findings.Error(auto.PathOf("deduct"), "Nothing is deducted, so it would never end.", "Write an amount above zero.");
        }

        if (auto.Has("by") && read.By.N == 0)
        {
            findings.Error(auto.PathOf("by"), "The extension has no length, so it would move nothing.", "Write at least one day.");
        }

        return read;
    }

    private void RequireHolders(IReadOnlyList<Clock> clocks, string path)
    {
        var ids = clocks.Select(clock => clock.Id).ToHashSet();
        for (var i = 0; i < clocks.Count; i++)
        {
            if (clocks[i].NotBefore is not { Length: > 0 } holder) continue;

            if (holder == clocks[i].Id)
            {
                findings.Error($"{path}[{i}].notBefore", "The clock would hold itself.", "Name another clock of this version.");
            }
            else if (!ids.Contains(holder))
            {
                findings.Error($"{path}[{i}].notBefore", $"This version has no clock \"{holder}\".", "Name a clock of the same version.");
            }
        }
    }

    private LadderStage LadderStage(JsonElement element, string path)
    {
        var members = new JsonMembers(element, path, findings);
        var isNamed = members.TryEnum<Stage>("stage", out var name);
        var stage = new LadderStage(
            name,
            members.Term("length", findings, hours: false),
            Services(members),
            members.OptionalEnum<BalanceFate>("balance"),
            members.List("exits", triggers.Trigger),
            members.OptionalText("note"));
        members.RefuseOthers();

        if (isNamed && name is not (Stage.Grace or Stage.Suspended or Stage.Reclaimable or Stage.Quarantine))
        {
            findings.Error(
                members.PathOf("stage"),
                $"\"{EnumNames.Of(name)}\" is no stage of a ladder.",
                "Write one of: grace, suspended, reclaimable, quarantine.");
        }

        return stage;
    }

    private static Dictionary<string, bool> Services(JsonMembers members) =>
        members.Object("services") is { } services ? services.Names.ToDictionary(service => service, services.Flag) : [];

    private Limits Limits(JsonMembers members)
    {
        if (members.Object("limits") is not { } limits) return Rules.Limits.None;

        var read = new Limits(
            limits.OptionalPrice("minTopUp", findings),
            limits.OptionalPrice("maxTopUp", findings),
            limits.OptionalPrice("maxPerMonth", findings),
            limits.OptionalTerm("maxRemaining", findings, hours: false));
        limits.RefuseOthers();
        PackReading.RequireOrder(read.MinTopUp, read.MaxTopUp, limits, "minTopUp", "maxTopUp", findings);
        return read;
    }
}
