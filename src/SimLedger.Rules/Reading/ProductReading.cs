using System.Text.Json;
using NodaTime;

namespace SimLedger.Rules.Reading;

/// <summary>Reads section 3 of the format: products, offers, promotions.</summary>
internal sealed class ProductReading(ChannelReferences channels, FindingList findings)
{
    private readonly PackReading texts = new(findings);

    public Product Read(JsonElement element, string path)
    {
        var members = new JsonMembers(element, path, findings);
        var code = members.Text("code");
        var name = texts.Translated(members, "name", required: true)!;
        var currency = members.Currency("currency", findings);
        var formFactors = members.Enums<FormFactor>("formFactors") ?? [];
        var capabilities = members.Enums<Capability>("capabilities") ?? [];
        var offers = members.List("offers", Offer) ?? [];
        PackReading.Unique(offers, offer => offer.Code, members.PathOf("offers"), "code", findings);

        var offerCodes = offers.Select(offer => offer.Code).ToHashSet();
        var promotions = members.List("promotions", (item, at) => Promotion(item, at, offerCodes)) ?? [];
        PackReading.Unique(promotions, promotion => promotion.Code, members.PathOf("promotions"), "code", findings);

        var rules = members.RequiredList("rules", new RuleReading(channels, offerCodes, findings).Read, Bounds.Versions);
        PackReading.Unique(rules, rule => rule.Version, members.PathOf("rules"), "version", findings);
        members.RefuseOthers();

        return new Product(code, name, currency, formFactors, capabilities, offers, promotions, rules);
    }

    /// <summary>An offer that is sold no more stays in the pack, with its last day: histories and rules go on naming it.</summary>
    public static IReadOnlyList<string>? OfferReferences(JsonMembers members, HashSet<string> known, FindingList findings)
    {
        findings.DoubtEmpty(members, "offers");
        var named = members.Texts("offers");
        for (var i = 0; i < named?.Count; i++)
        {
            if (named[i].Length > 0 && !known.Contains(named[i]))
            {
                findings.Undescribed(
                    $"{members.PathOf("offers")}[{i}]",
                    $"The product has no offer \"{named[i]}\".",
                    "Describe it under \"offers\", or correct the name.");
            }
        }

        return named;
    }

    private Offer Offer(JsonElement element, string path)
    {
        var members = new JsonMembers(element, path, findings);
        var offer = new Offer(
            members.Text("code"),
            members.Enum<OfferKind>("kind"),
            members.Price("amount", findings),
            members.OptionalPrice("credit", findings),
            members.OptionalTerm("period", findings),
            members.List("fees", Fee) ?? [],
            channels.Read(members),
            members.OptionalDate("from"),
            members.OptionalDate("to"));
        members.RefuseOthers();
        PackReading.RequireOrder(offer.From, offer.To, members, "from", "to", findings);
        return offer;
    }

    private OfferFee Fee(JsonElement element, string path)
    {
        var members = new JsonMembers(element, path, findings);
        var fee = new OfferFee(members.Enum<OfferFeeKind>("kind"), members.Price("amount", findings));
        members.RefuseOthers();
        return fee;
    }

    private Promotion Promotion(JsonElement element, string path, HashSet<string> offerCodes)
    {
        var members = new JsonMembers(element, path, findings);
        var promotion = new Promotion(
            members.Text("code"),
            members.Date("from"),
            members.Date("to"),
            channels.Read(members),
            OfferReferences(members, offerCodes, findings),
            Effect(members));
        members.RefuseOthers();
        if (promotion.To != default) PackReading.RequireOrder<LocalDate>(promotion.From, promotion.To, members, "from", "to", findings);
        return promotion;
    }

    private PromotionEffect Effect(JsonMembers members)
    {
        if (members.RequiredObject("effect") is not { } effect) return new PromotionEffect(null, null, null, null);

        var read = new PromotionEffect(
            effect.OptionalWhole("bonusDays", 0, 36_500),
            Words(effect, "bonusData"),
            Percent(effect),
            Words(effect, "getFree"));
        effect.RefuseOthers();
        return read;
    }

    // The format leaves open how these are written; a number is as good as a text for people.
    private static string? Words(JsonMembers members, string name) =>
        members.TryGet(name, out var value) && value.ValueKind is JsonValueKind.Number ? value.GetRawText() : members.OptionalText(name);

    private decimal? Percent(JsonMembers members)
    {
        if (!members.TryGet("discountPercent", out var value)) return null;

        var isNumber = value.ValueKind is JsonValueKind.Number;
        if (!isNumber || !AmountText.TryParse(value.GetRawText(), out var percent)) percent = members.Money("discountPercent");
        if (decimal.IsNegative(percent) || percent > 100)
        {
            findings.Error(members.PathOf("discountPercent"), "The discount is not between 0 and 100.", "Write per cent of the price.");
        }

        return percent;
    }
}
