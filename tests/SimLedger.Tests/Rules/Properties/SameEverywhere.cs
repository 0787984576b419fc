using System.Globalization;
using System.Text;
using System.Text.Json;
using NodaTime;
using SimLedger.Rules;
using SimLedger.Tests.Rules.BruteForce;
using static SimLedger.Tests.Rules.Properties.DrawnCases;

namespace SimLedger.Tests.Rules.Properties;

/// <summary>The same pack and history tell the same on every machine, whatever language and zone it is set to.</summary>
[Collection(nameof(SettingsOfTheMachine))]
public class SameEverywhere
{
    private const string FaultyPack = """
        {"format":"simledger.rulepack/1","code":"IĞ-X","country":"tr","timeZone":"Mars/Base","products":[{"rules":[{"version":-1.5}]}]}
        """;

    private static readonly byte[] Vectors = File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "Rules", "vectors.json"));

    /// <summary>Vectors that fail, so that expected and actual values are written out.</summary>
    private static readonly byte[] Moved = Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(Vectors).Replace("\"2026-", "\"2027-", StringComparison.Ordinal));

    [Theory]
    [InlineData("tr-TR")]
    [InlineData("ar-SA")]
    [InlineData("th-TH")]
    [InlineData("fa-IR")]
    [InlineData("de-DE")]
    public void In_every_language(string name)
    {
        var (culture, before, here) = (CultureOf(name), CultureInfo.CurrentCulture, AllThatIsTold());
        CultureInfo.CurrentCulture = CultureInfo.CurrentUICulture = culture;
        try
        {
            Assert.NotEqual("-1.5", (-1.5m).ToString(CultureInfo.CurrentCulture)); // Else the language would prove nothing.
            Assert.Equal(here, AllThatIsTold());
        }
        finally
        {
            CultureInfo.CurrentCulture = CultureInfo.CurrentUICulture = before;
        }
    }

    [Theory]
    [InlineData("Pacific/Apia")]
    [InlineData("America/St_Johns")]
    [InlineData("Asia/Kathmandu")]
    public void In_every_zone(string zone)
    {
        var (before, here) = (Environment.GetEnvironmentVariable("TZ"), AllThatIsTold());
        Environment.SetEnvironmentVariable("TZ", zone);
        TimeZoneInfo.ClearCachedData();
        try
        {
            Assert.NotEqual(TimeSpan.Zero, TimeZoneInfo.Local.BaseUtcOffset); // Else the zone would prove nothing.
            Assert.Equal(here, AllThatIsTold());
        }
        finally
        {
            Environment.SetEnvironmentVariable("TZ", before);
            TimeZoneInfo.ClearCachedData();
        }
    }

    /// <summary>Packs read and judged, vectors run, faults found: all that the rules ever say.</summary>
    private static string AllThatIsTold()
    {
        var told = new StringBuilder();
        for (var seed = 0; seed < 100; seed++)
        {
            var drawn = RandomCase.Of(seed);
            var reading = RulePackReader.Read(JsonSerializer.SerializeToUtf8Bytes(drawn.PackJson), "drawn.json", new LocalDate(2028, 1, 1));
            told.AppendLine(Told(Ask(reading.Pack!, drawn.Question))).AppendJoin('\n', reading.Findings);
        }

        return told
            .AppendJoin('\n', VectorFile.Run(Vectors, "vectors.json").Lines())
            .AppendJoin('\n', VectorFile.Run(Moved, "moved.json").Lines())
            .AppendJoin('\n', RulePackReader.Read(Encoding.UTF8.GetBytes(FaultyPack), "faulty.json").Findings)
            .ToString();
    }

    // Where the process knows no languages but the invariant one, what is odd about theirs is put into a copy of that one.
    private static CultureInfo CultureOf(string name)
    {
        try
        {
            if (new CultureInfo(name) is { NumberFormat.NumberDecimalSeparator: not "." } known) return known;
        }
        catch (CultureNotFoundException)
        {
        }

        var culture = (CultureInfo)CultureInfo.InvariantCulture.Clone();
        var isRightToLeft = name is "ar-SA" or "fa-IR";
        culture.NumberFormat.NumberDecimalSeparator = isRightToLeft ? "\u066B" : ",";
        culture.NumberFormat.NumberGroupSeparator = isRightToLeft ? "\u066C" : ".";
        culture.NumberFormat.NegativeSign = isRightToLeft ? "\u200E\u2212" : "\u2212";
        culture.DateTimeFormat.DateSeparator = ".";
        culture.DateTimeFormat.TimeSeparator = "h";
        culture.DateTimeFormat.ShortDatePattern = "d/M/yy";
        return culture;
    }
}

/// <summary>Tests that change what the whole process sees run alone.</summary>
[CollectionDefinition(nameof(SettingsOfTheMachine), DisableParallelization = true)]
public class SettingsOfTheMachine;
