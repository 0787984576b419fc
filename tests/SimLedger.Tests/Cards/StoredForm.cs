using System.Text;
using SimLedger.Cards;
using SimLedger.Tests.Structure;

namespace SimLedger.Tests.Cards;

/// <summary>The samples beside this file are what earlier versions stored: never edited, always readable.</summary>
public class StoredForm
{
    private static readonly string Folder = Path.Combine(Repository.Root, "tests", "SimLedger.Tests", "Cards", "StoredEvents");

    public static IEnumerable<Type> EventTypes => typeof(CardEvent).GetNestedTypes().Where(type => !type.IsAbstract);

    public static TheoryData<string> Samples() => [.. SampleNames()];

    [Theory]
    [MemberData(nameof(Samples))]
    public void A_sample_reads_and_is_written_the_same(string sample)
    {
        var stored = File.ReadAllBytes(Path.Combine(Folder, sample + ".json")).AsSpan().TrimEnd("\n"u8);

        var (type, written) = CardEventJson.Write(CardEventJson.Read(sample[..sample.IndexOf('-')], stored));

        Assert.Equal(sample[..sample.IndexOf('-')], type);
        Assert.Equal(Encoding.UTF8.GetString(stored), Encoding.UTF8.GetString(written));
    }

    [Fact]
    public void Every_event_type_has_a_sample() =>
        Assert.Equal(EventTypes.Select(type => type.Name).Order(StringComparer.Ordinal), SampleNames().Select(name => name[..name.IndexOf('-')]).Distinct());

    [Fact]
    public void Every_stored_name_is_listed_once() =>
        Assert.Equal(SampleNames().Select(name => name[..name.IndexOf('-')]).Distinct(), CardEventJson.Types.Order(StringComparer.Ordinal));

    [Fact]
    public void Members_of_a_newer_program_are_passed_over() => Assert.Equal(
        new CardEvent.NotesWritten("n"), CardEventJson.Read("NotesWritten", """{"mood":{"good":[true]},"notes":"n"}"""u8));

    [Theory]
    [InlineData("NotesBurnt", "{}")]
    [InlineData("NotesWritten", "{}")]
    [InlineData("CardRegistered", """{"formFactor":"implant"}""")]
    [InlineData("CardDescribed", """{"importance":"utmost"}""")]
    public void What_no_program_wrote_is_a_bug(string type, string json) =>
        Assert.Throws<InvalidDataException>(() => CardEventJson.Read(type, Encoding.UTF8.GetBytes(json)));

    private static IEnumerable<string> SampleNames() =>
        Directory.GetFiles(Folder).Select(path => Path.GetFileNameWithoutExtension(path)).Order(StringComparer.Ordinal);
}
