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
    public void A_vector_file_has_its_pack_beside_it() =>
        Assert.Equal(PackFiles().Select(file => Path.ChangeExtension(file, ".vectors.json")), Directory.EnumerateFiles(Folder, "*.vectors.json").Order(StringComparer.Ordinal));

    [Theory]
    [MemberData(nameof(Codes))]
    public void A_pack_speaks_English_and_Chinese(string code)
    {
        var pack = Read(code).Pack!;
        TextByLanguage?[] texts = [pack.Name, .. pack.Wording.Values, .. pack.Channels.Select(channel => channel.Name), .. pack.Products.Select(product => product.Name)];

        Assert.All(texts, text => Assert.Equal(["en", "zh-Hans"], text!.Texts.Keys.Order(StringComparer.Ordinal)));
        Assert.All(pack.Channels.Where(channel => channel.Steps.Count > 0), channel => Assert.Equal(channel.Steps["en"].Count, channel.Steps["zh-Hans"].Count));
    }

    [Fact]
    public void No_two_packs_claim_one_name() =>
        Assert.Empty(RulePackSet.Of(PackFiles().Select(file => (file, Read(Path.GetFileNameWithoutExtension(file)).Pack!))).Findings);

    // Beyond what the set refuses: the display name of another carrier, which would then be found under its alias.
    [Fact]
    public void No_two_packs_share_a_name_or_an_alias()
    {
        var names = PackFiles().Select(file => Read(Path.GetFileNameWithoutExtension(file)).Pack!).SelectMany(pack => pack.Aliases.Append(pack.Code).Concat(pack.Name.Texts.Values).Select(CarrierName.Comparable).Distinct());

        Assert.Empty(names.GroupBy(name => name).Where(same => same.Count() > 1).Select(same => same.Key));
    }

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
    [InlineData("Vodafone UK", "gb-vodafone")]
    [InlineData("Vodafone NZ", "nz-vodafone")]
    [InlineData("Ultra Mobile", "us-ultramobile")]
    [InlineData("Tello", "us-tello")]
    [InlineData("德国电信", "de-telekom")]
    public void People_find_a_carrier_by_the_name_they_know(string written, string code)
    {
        var set = RulePackSet.Of(PackFiles().Select(file => (file, Read(Path.GetFileNameWithoutExtension(file)).Pack!))).Set;

        Assert.Equal(code, set.Find(written)?.Code);
    }

    [Theory]
    [InlineData("Vodafone")]
    [InlineData("T-Mobile")]
    [InlineData("Three")]
    [InlineData("3")]
    public void A_name_that_could_be_several_carriers_finds_none(string written)
    {
        var set = RulePackSet.Of(PackFiles().Select(file => (file, Read(Path.GetFileNameWithoutExtension(file)).Pack!))).Set;

        Assert.Null(set.Find(written));
    }

    private static IEnumerable<string> PackFiles() =>
        Directory.EnumerateFiles(Folder, "*.json").Where(file => !file.EndsWith(".vectors.json", StringComparison.Ordinal)).Order(StringComparer.Ordinal);

    private static RulePackReading Read(string code) =>
        RulePackReader.Read(File.ReadAllBytes(Path.Combine(Folder, $"{code}.json")), $"{code}.json", DayOfTheirCheck);
}
