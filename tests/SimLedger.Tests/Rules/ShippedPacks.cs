using NodaTime;
using SimLedger.Rules;

namespace SimLedger.Tests.Rules;

/// <summary>The packs that come with the server prove themselves by the vectors beside them.</summary>
public class ShippedPacks
{
    private static readonly LocalDate DayOfTheirCheck = new(2026, 11, 21);
    private static readonly string Folder = Path.Combine(AppContext.BaseDirectory, "RulePacks");

    public static TheoryData<string> Codes => [.. PackFiles().Select(file => Path.GetFileNameWithoutExtension(file))];

    [Theory]
    [MemberData(nameof(Codes))]
    public void A_pack_loads_without_errors_and_warnings(string code)
    {
        var reading = Read(code);

        Assert.Empty(reading.Findings);
        Assert.Equal(code, reading.Pack!.Code);
    }

    [Theory]
    [MemberData(nameof(Codes))]
    public void A_pack_passes_the_vectors_beside_it(string code)
    {
        var file = $"{code}.vectors.json";

        var run = VectorFile.Run(File.ReadAllBytes(Path.Combine(Folder, file)), file, Read);

        Assert.True(run is { Failed: 0, Passed: >= 4 }, string.Join('\n', run.Lines()));
    }

    [Fact]
    public void No_vectors_stand_without_their_pack()
    {
        var packs = PackFiles().Select(file => Path.GetFileName(file));
        var proven = Directory.EnumerateFiles(Folder, "*.vectors.json").Select(file => Path.GetFileName(file).Replace(".vectors.json", ".json", StringComparison.Ordinal));

        Assert.Equal(packs.Order(StringComparer.Ordinal), proven.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void No_two_packs_claim_one_name() =>
        Assert.Empty(RulePackSet.Of(PackFiles().Select(file => (file, Read(Path.GetFileNameWithoutExtension(file)).Pack!))).Findings);

    [Theory]
    [InlineData("ph-tm", "prepaid", "PHP")]
    [InlineData("ph-smart", "prepaid", "PHP")]
    [InlineData("hk-cmhk", "one-card-two-numbers", "HKD")]
    [InlineData("cn-mobile", "keep-number-8", "CNY")]
    [InlineData("gb-giffgaff", "payg", "GBP")]
    public void The_products_of_the_sample_fleet_are_there(string code, string product, string currency) =>
        Assert.Equal(currency, Read(code).Pack!.FindProduct(product)!.Currency);

    [Theory]
    [InlineData("TM", "ph-tm")]
    [InlineData("Touch Mobile(Globe)", "ph-tm")]
    [InlineData("GiffGaff ", "gb-giffgaff")]
    [InlineData("Ｓｍａｒｔ", "ph-smart")]
    [InlineData("中国移动香港", "hk-cmhk")]
    [InlineData("移动", "cn-mobile")]
    [InlineData("聯通", "cn-unicom")]
    [InlineData("中国电信", "cn-telecom")]
    [InlineData("TNT", "ph-smart")]
    [InlineData("Globe", "ph-globe")]
    [InlineData("3香港", "hk-3")]
    [InlineData("simpati", "id-telkomsel")]
    [InlineData("台灣大哥大", "tw-taiwanmobile")]
    public void People_find_a_carrier_by_the_name_they_know(string written, string code)
    {
        var set = RulePackSet.Of(PackFiles().Select(file => (file, Read(Path.GetFileNameWithoutExtension(file)).Pack!))).Set;

        Assert.Equal(code, set.Find(written)?.Code);
    }

    private static IEnumerable<string> PackFiles() =>
        Directory.EnumerateFiles(Folder, "*.json").Where(file => !file.EndsWith(".vectors.json", StringComparison.Ordinal)).Order(StringComparer.Ordinal);

    private static RulePackReading Read(string code) =>
        RulePackReader.Read(File.ReadAllBytes(Path.Combine(Folder, $"{code}.json")), $"{code}.json", DayOfTheirCheck);
}
