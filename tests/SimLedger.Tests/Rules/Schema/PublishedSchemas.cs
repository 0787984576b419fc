using System.Text;
using System.Text.Json;
using SimLedger.Rules;
using SimLedger.Tests.Structure;

namespace SimLedger.Tests.Rules.Schema;

/// <summary>The schemas in docs and the reader say the same of a file, as far as a schema can say it.</summary>
public class PublishedSchemas
{
    private static readonly Dictionary<string, JsonElement> Files = new[] { "rulepack.schema.json", "vectors.schema.json" }
        .ToDictionary(file => file, file => JsonDocument.Parse(Repository.Read($"docs/{file}")).RootElement);

    private static readonly SchemaWalk Packs = new(Files, "rulepack.schema.json");
    private static readonly SchemaWalk Vectors = new(Files, "vectors.schema.json");

    private static readonly string Every = Repository.Read("tests/SimLedger.Tests/Rules/every-member.json");

    public static TheoryData<string> PackFiles => [.. Repository.Files.Where(path => (path.Contains("/RulePacks/") || path.StartsWith("docs/examples/", StringComparison.Ordinal)) && !path.EndsWith(".vectors.json", StringComparison.Ordinal))];

    public static TheoryData<string> VectorFiles => [.. Repository.Files.Where(path => path.EndsWith("vectors.json", StringComparison.Ordinal))];

    /// <summary>Every value below the root of the pack that uses every member, as a JSON Pointer.</summary>
    public static TheoryData<string> Places => [.. JsonPlaces.In(Every)];

    [Theory]
    [MemberData(nameof(PackFiles))]
    [InlineData("tests/SimLedger.Tests/Rules/every-member.json")]
    public void A_pack_that_can_be_used_is_valid(string path)
    {
        Assert.NotNull(Reading(Repository.Read(path)).Pack);
        Assert.True(Packs.IsValid(Element(Repository.Read(path))));
    }

    [Theory]
    [MemberData(nameof(VectorFiles))]
    public void A_vector_file_is_valid(string path) => Assert.True(Vectors.IsValid(Element(Repository.Read(path))));

    [Fact]
    public void There_is_an_example_of_every_member_of_the_schema()
    {
        var used = JsonPlaces.In(Every).Select(place => place.Split('/')[^1]).ToHashSet();

        string[] entryTypes = [.. EnumNames.All<EntryType>()];
        Assert.Empty(MemberNames(Files["rulepack.schema.json"]).Except(used).Except(entryTypes));
    }

    // A value of the wrong kind is what a schema is for: there both must say the same, whatever the place.
    [Theory]
    [MemberData(nameof(Places))]
    public void A_value_of_another_kind_is_refused_by_both_or_by_none(string place) => Assert.All(
        ["true", "[[[]]]", "{\"a\":{\"b\":1}}", "-1", "1.5", "9223372036854775808", "1e400", "\"\"", "\" \"", "\"\\u0000\"", "null", "{}", "[]", "[null]", "[1]"],
        value =>
        {
            if (Disagreement(JsonPlaces.With(Every, place, value)) is { } reason) Assert.Fail($"{place} = {value}: {reason}");
        });

    [Theory]
    [MemberData(nameof(Places))]
    public void A_member_left_out_or_unknown_is_refused_by_both_or_by_none(string place)
    {
        Assert.Null(Disagreement(JsonPlaces.With(Every, place, null)));
        Assert.Null(Disagreement(JsonPlaces.With(Every, place[..place.LastIndexOf('/')] + "/surplus", "1")));
    }

    [Theory]
    [InlineData("/format", "\"simledger.rulepack/2\"")]
    [InlineData("/code", "\"Xx-every\"")]
    [InlineData("/code", "\"xx-every\\n\"")]
    [InlineData("/country", "\"ph\"")]
    [InlineData("/name", "{\"english\":\"x\",\"e\":\"y\"}")]
    [InlineData("/wording/topup", "{\"en\":\"Load\"}")]
    [InlineData("/contacts/0/kind", "\"phone\"")]
    [InlineData("/channels/0/closedOn", "[\"mon\",\"tue\",\"wed\",\"thu\",\"fri\",\"sat\",\"sun\"]")]
    [InlineData("/channels/0/closedOn/0", "\"monday\"")]
    [InlineData("/channels/0/creditTakesDays", "367")]
    [InlineData("/channels/0/minAmount", "\"-1\"")]
    [InlineData("/channels/0/minAmount", "\"1e3\"")]
    [InlineData("/channels/0/minAmount", "\"1,000\"")]
    [InlineData("/channels/0/minAmount", "\"1234567890123456\"")]
    [InlineData("/channels/0/minAmount", "\"1.1234567\"")]
    [InlineData("/channels/0/fee/currency", "\"php\"")]
    [InlineData("/products/0/offers/0/period/n", "36501")]
    [InlineData("/products/0/offers/0/period/unit", "\"week\"")]
    [InlineData("/products/0/offers/0/from", "\"01.01.2026\"")]
    [InlineData("/products/0/offers/0/from", "\"2026-13-01\"")]
    [InlineData("/products/0/promotions/0/effect/bonusDays", "36501")]
    [InlineData("/products/0/promotions/0/effect/discountPercent", "101")]
    [InlineData("/products/0/promotions/0/effect/discountPercent", "\"100.5\"")]
    [InlineData("/products/0/rules/0/clocks/0/id", "\"stated\"")]
    [InlineData("/products/0/rules/0/clocks/0/ends", "\"24:00\"")]
    [InlineData("/products/0/rules/0/clocks/0/ends", "\"8:00\"")]
    [InlineData("/products/0/rules/0/clocks/0/length/unit", "\"hour\"")]
    [InlineData("/products/0/rules/0/clocks/1/ends", "\"exact\"")]
    [InlineData("/products/0/rules/0/clocks/1/extendedBy/0/tiers/0/by/unit", "\"hour\"")]
    [InlineData("/products/0/rules/0/clocks/1/extendedBy/0/cap/unit", "\"hour\"")]
    [InlineData("/products/0/rules/0/clocks/1/extendedBy/0/by", "{\"n\":1,\"unit\":\"day\"}")]
    [InlineData("/products/0/rules/0/clocks/1/extendedBy/0/perUnit", "{\"amount\":\"1\",\"by\":{\"n\":1,\"unit\":\"day\"}}")]
    [InlineData("/products/0/rules/0/clocks/1/extendedBy/1/perUnit", "{\"amount\":\"1\",\"by\":{\"n\":1,\"unit\":\"day\"}}")]
    [InlineData("/products/0/rules/0/clocks/1/extendedBy/0/tiers/0/from", "\"-10\"")]
    [InlineData("/products/0/rules/0/clocks/1/autoExtend/deduct", "\"0.00\"")]
    [InlineData("/products/0/rules/0/clocks/1/autoExtend/by/n", "0")]
    [InlineData("/products/0/rules/0/clocks/1/autoExtend/by/unit", "\"hour\"")]
    [InlineData("/products/0/rules/0/clocks/2/ends", "\"endOfDay\"")]
    [InlineData("/products/0/rules/0/clocks/2/ends", "null")]
    [InlineData("/products/0/rules/0/clocks/2/firstDayCounts", "true")]
    [InlineData("/products/0/rules/0/clocks/2/autoExtend", "{\"balanceAtLeast\":\"1\",\"deduct\":\"1\",\"by\":{\"n\":1,\"unit\":\"day\"}}")]
    [InlineData("/products/0/rules/0/clocks/2/extendedBy/0/combine", "\"set\"")]
    [InlineData("/products/0/rules/0/clocks/2/extendedBy/0/combine", "\"endOfMonth\"")]
    [InlineData("/products/0/rules/0/clocks/2/extendedBy/0/combine", "\"afterPlan\"")]
    [InlineData("/products/0/rules/0/clocks/2/extendedBy/0/cap", "{\"n\":1,\"unit\":\"day\"}")]
    [InlineData("/products/0/rules/0/clocks/2/extendedBy/0/bonus", "true")]
    [InlineData("/products/0/rules/0/clocks/2/extendedBy/1/where/within", "null")]
    [InlineData("/products/0/rules/0/clocks/2/extendedBy/1/where/cumulativeAtLeast", "null")]
    [InlineData("/products/0/rules/0/clocks/2/extendedBy/1/perUnit/amount", "\"0\"")]
    [InlineData("/products/0/rules/0/ladder/0/stage", "\"lapsed\"")]
    [InlineData("/products/0/rules/0/ladder/0/length/unit", "\"hour\"")]
    [InlineData("/products/0/rules/0/ladder/0/services/in", "\"yes\"")]
    [InlineData("/products/0/rules/0/limits/maxRemaining/unit", "\"hour\"")]
    [InlineData("/products/0/rules/0/limits/minTopUp", "\"-0\"")]
    public void What_the_format_forbids_is_refused_by_both(string place, string value)
    {
        var changed = JsonPlaces.With(Every, place, value);

        Assert.Null(Reading(changed).Pack);
        Assert.False(Packs.IsValid(Element(changed)));
    }

    [Theory]
    [InlineData("/products/0/rules/0/clocks/0/ends", "\"00:00\"")]
    [InlineData("/products/0/rules/0/clocks/2/firstDayCounts", "false")]
    [InlineData("/products/0/rules/0/clocks/2/extendedBy/0/by/n", "876000")]
    [InlineData("/products/0/rules/0/clocks/1/extendedBy/0/tiers", "null")]
    [InlineData("/products/0/promotions/0/effect/discountPercent", "\"0100.0\"")]
    [InlineData("/products/0/rules/0/effective/to", "null")]
    public void What_the_format_allows_is_taken_by_both(string place, string value)
    {
        var changed = JsonPlaces.With(Every, place, value);

        Assert.NotNull(Reading(changed).Pack);
        Assert.True(Packs.IsValid(Element(changed)));
    }

    [Theory]
    [InlineData("/format", "\"simledger.vectors/2\"")]
    [InlineData("/more", "1")]
    [InlineData("/vectors", "[]")]
    [InlineData("/vectors/0/more", "1")]
    [InlineData("/vectors/0/name", "null")]
    [InlineData("/vectors/0/product", "7")]
    [InlineData("/vectors/0/packRef", "null")]
    [InlineData("/vectors/0/pack", "{}")]
    [InlineData("/vectors/0/asOf", "\"2026-11-22T00:00:00\"")]
    [InlineData("/vectors/0/asOf", "\"2026-11-22 00:00:00Z\"")]
    [InlineData("/vectors/0/marginDays", "3661")]
    [InlineData("/vectors/0/activatedOn", "\"yesterday\"")]
    [InlineData("/vectors/0/history/0/more", "1")]
    [InlineData("/vectors/0/history/0/id", "null")]
    [InlineData("/vectors/0/history/0/type", "\"topup\"")]
    [InlineData("/vectors/0/history/0/at", "null")]
    [InlineData("/vectors/0/history/0/amount", "5")]
    [InlineData("/vectors/0/history/0/period", "{\"n\":1}")]
    [InlineData("/vectors/0/history/0/usageKind", "\"letter\"")]
    [InlineData("/vectors/0/expect", "null")]
    [InlineData("/vectors/0/expect/more", "1")]
    [InlineData("/vectors/0/expect/stage", "7")]
    [InlineData("/packs", "{\"idle\":{}}")]
    public void A_broken_vector_file_is_refused_by_both(string place, string value)
    {
        var changed = JsonPlaces.With(Repository.Read("tests/SimLedger.Tests/Rules/vectors.json"), place, value);

        Assert.NotEqual(0, VectorFile.Run(Encoding.UTF8.GetBytes(changed), "v.json").Failed);
        Assert.False(Vectors.IsValid(Element(changed)));
    }

    /// <returns>Null if both take or both refuse it, or only the reader refuses and for a reason that no schema can express.</returns>
    private static string? Disagreement(string json)
    {
        var errors = Reading(json).Findings.Where(finding => finding.Severity is Severity.Error).ToList();
        var isValid = Packs.IsValid(Element(json));
        return isValid && !errors.All(IsBeyondSchemas) ? $"only the reader refuses: {errors[0]}"
            : !isValid && errors.Count == 0 ? "only the schema refuses"
            : null;
    }

    private static bool IsBeyondSchemas(Finding error) =>
        error.Message.StartsWith("No channel has the code or kind", StringComparison.Ordinal) ||
        error.Message.StartsWith("The product has no offer", StringComparison.Ordinal) ||
        error.Message.StartsWith("This version has no clock", StringComparison.Ordinal);

    private static RulePackReading Reading(string json) => RulePackReader.Read(Encoding.UTF8.GetBytes(json), "schema.json");

    private static JsonElement Element(string json) => JsonDocument.Parse(json).RootElement;

    private static IEnumerable<string> MemberNames(JsonElement schema) => schema.ValueKind switch
    {
        JsonValueKind.Object => schema.EnumerateObject().SelectMany(member =>
            member.Name == "properties" ? member.Value.EnumerateObject().SelectMany(own => MemberNames(own.Value).Prepend(own.Name)) : MemberNames(member.Value)),
        JsonValueKind.Array => schema.EnumerateArray().SelectMany(MemberNames),
        _ => [],
    };
}
