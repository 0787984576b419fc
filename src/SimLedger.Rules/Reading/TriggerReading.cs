using System.Text.Json;

namespace SimLedger.Rules.Reading;

/// <summary>Reads what rules look for in a history: triggers, filters, extensions (sections 4 and 5 of the format).</summary>
internal sealed class TriggerReading(ChannelReferences channels, HashSet<string> offerCodes, FindingList findings)
{
    public Trigger Trigger(JsonElement element, string path)
    {
        var members = new JsonMembers(element, path, findings);
        var trigger = Trigger(members);
        members.RefuseOthers();
        return trigger;
    }

    public Extension Extension(JsonElement element, string path, ClockEnd ends)
    {
        var members = new JsonMembers(element, path, findings);
        var trigger = Trigger(members);
        var combine = members.Enum<Combine>("combine");
        var by = members.OptionalTerm("by", findings, hours: ends.IsExact);
        var tiers = members.List("tiers", (item, at) => Tier(item, at, ends.IsExact), Bounds.Extensions);
        var perUnit = PerUnit(members, ends.IsExact);
        var cap = members.OptionalTerm("cap", findings, hours: false);
        var bonus = members.OptionalFlag("bonus") ?? false;
        members.RefuseOthers();

        RequireOneTerm(members, by, tiers, perUnit, combine);
        if (combine is Combine.Set && (cap is not null || bonus)) findings.Warning(members.Path, "\"set\" is neither cut nor given bonus days.", "Remove \"cap\" and \"bonus\".");
        RequireTiers(tiers, members);
        if (ends.IsExact) RefuseWithExact(combine, cap, bonus, members);

        return new Extension(trigger, combine, by, tiers?.OrderBy(tier => tier.From).ToArray(), perUnit, cap, bonus);
    }

    private Trigger Trigger(JsonMembers members)
    {
        var on = members.Enum<EntryType>("on");
        if (on is EntryType.Voided) findings.Warning(members.PathOf("on"), "A void takes no part in anything, so nothing ever matches.", "Name another type of entry, or remove this.");

        return new Trigger(on, members.Object("where") is { } where ? Filter(where) : null);
    }

    private Filter Filter(JsonMembers where)
    {
        var filter = new Filter(
            where.OptionalMoney("minAmount"),
            where.OptionalMoney("maxAmount"),
            channels.Read(where),
            ProductReading.OfferReferences(where, offerCodes, findings),
            UsageKinds(where),
            where.OptionalEnum<Direction>("direction"),
            where.OptionalFlag("chargeable"),
            where.OptionalFlag("paidOnly") ?? false,
            where.OptionalMoney("balanceAtMost"),
            where.OptionalMoney("balanceAtLeast"),
            where.OptionalMoney("cumulativeAtLeast"),
            where.OptionalTerm("within", findings, hours: false));
        where.RefuseOthers();

        if (filter.CumulativeAtLeast is null != filter.Within is null)
        {
            findings.Error(where.Path, "\"cumulativeAtLeast\" and \"within\" go together.", "Write both, or neither.");
        }

        PackReading.RequireOrder(filter.MinAmount, filter.MaxAmount, where, "minAmount", "maxAmount", findings);
        PackReading.RequireOrder(filter.BalanceAtLeast, filter.BalanceAtMost, where, "balanceAtLeast", "balanceAtMost", findings);
        return filter;
    }

    private IReadOnlyList<UsageKind>? UsageKinds(JsonMembers where)
    {
        findings.DoubtEmpty(where, "usageKinds");
        return where.Enums<UsageKind>("usageKinds");
    }

    private Tier Tier(JsonElement element, string path, bool exact)
    {
        var members = new JsonMembers(element, path, findings);
        var tier = new Tier(members.Price("from", findings), members.Term("by", findings, hours: exact));
        members.RefuseOthers();
        return tier;
    }

    private PerUnit? PerUnit(JsonMembers members, bool exact)
    {
        if (members.Object("perUnit") is not { } perUnit) return null;

        var read = new PerUnit(perUnit.Money("amount"), perUnit.Term("by", findings, hours: exact));
        perUnit.RefuseOthers();
        if (perUnit.Has("amount") && read.Amount <= 0)
        {
            findings.Error(perUnit.PathOf("amount"), "The unit of money is not above zero.", "Write how much money gives the term.");
        }

        return read;
    }

    private void RequireOneTerm(JsonMembers members, Term? by, IReadOnlyList<Tier>? tiers, PerUnit? perUnit, Combine combine)
    {
        var given = (by is null ? 0 : 1) + (tiers is null ? 0 : 1) + (perUnit is null ? 0 : 1);
        if (given > 1)
        {
            findings.Error(members.Path, "An extension has only one of \"by\", \"tiers\" and \"perUnit\".", "Keep one.");
        }
        else if (given == 1 && combine is Combine.Set)
        {
            findings.Warning(members.Path, "\"set\" takes the entry's own end date and looks at no term.", "Remove \"by\", \"tiers\" or \"perUnit\".");
        }
    }

    private void RequireTiers(IReadOnlyList<Tier>? tiers, JsonMembers members)
    {
        if (tiers is null) return;

        if (tiers.Count == 0) findings.Error(members.PathOf("tiers"), "There is no tier.", "Write at least one, or leave \"tiers\" out.");
        var seen = new HashSet<decimal>();
        for (var i = 0; i < tiers.Count; i++)
        {
            if (!seen.Add(tiers[i].From))
            {
                findings.Error($"{members.PathOf("tiers")}[{i}].from", "Another tier starts at the same amount.", "Remove one of the two.");
            }
            else if (i > 0 && tiers[i].From < tiers[i - 1].From)
            {
                findings.Warning($"{members.PathOf("tiers")}[{i}].from", "The tiers do not ascend; the highest one that an amount reaches is taken all the same.", "Sort them by \"from\".");
            }
        }
    }

    private void RefuseWithExact(Combine combine, Term? cap, bool bonus, JsonMembers members)
    {
        const string Cure = "Remove it, or let the clock end on a day.";
        if (combine is not (Combine.Reset or Combine.Add or Combine.Max))
        {
            findings.Error(
                members.PathOf("combine"),
                "A clock that ends exact goes with reset, add and max only.",
                "Choose one of them, or let the clock end on a day.");
        }

        if (cap is not null) findings.Error(members.PathOf("cap"), "A clock that ends exact has no cap.", Cure);
        if (bonus) findings.Error(members.PathOf("bonus"), "A clock that ends exact takes no bonus days.", Cure);
    }
}
