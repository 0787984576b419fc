using SimLedger.Cards;

namespace SimLedger.Tests.Cards;

public class WritingNumbers
{
    [Theory]
    [InlineData("+639171234567", "09171234567")]
    [InlineData("+85251234567", "51234567")]
    [InlineData("+8613800138000", "13800138000")]
    [InlineData("+447700900123", "07700900123")]
    [InlineData("+13459161234", "9161234")]
    [InlineData("+12125550123", "2125550123")]
    [InlineData("+5511987654321", null)]
    public void A_number_is_shown_as_it_is_dialled_at_home(string number, string? national) => Assert.Equal(national, PhoneNumber.National(number));

    [Theory]
    [InlineData("0917 123-4567", "PH", "+639171234567")]
    [InlineData("9171234567", "PH", "+639171234567")]
    [InlineData("9123456789", "IN", "+919123456789")] // Begins as +91 does, and is too short to be it.
    [InlineData("0812 3456 789", "ID", "+628123456789")]
    [InlineData("628123456789", "ID", null)] // With its plus it is another number than without.
    [InlineData("6421123456", "NZ", null)]
    [InlineData("51234567", "HK", "+85251234567")]
    [InlineData("85251234567", "HK", null)]
    [InlineData("+85251234567", "HK", null)]
    [InlineData("09171234567", "BR", null)]
    [InlineData("09171234567", null, null)]
    [InlineData(" ", "PH", null)]
    public void A_number_is_read_as_it_is_dialled_in_a_country(string text, string? country, string? number) => Assert.Equal(number, PhoneNumber.OfCountry(text, country));

    [Theory]
    [InlineData("+639171234567", false)]
    [InlineData("+63917123456", true)]
    [InlineData("+6391712345678", true)]
    [InlineData("+55119", false)]
    public void A_digit_too_few_or_too_many_is_noticed(string number, bool unusual) => Assert.Equal(unusual, PhoneNumber.HasUnusualLength(number));

    [Fact]
    public void Look_alikes_differ_in_one_digit()
    {
        var alike = PhoneNumber.LookAlikes("+85251234567");

        Assert.Equal(11 * 9, alike.Distinct().Count());
        Assert.All(alike, other => Assert.Equal(1, other.Zip("+85251234567").Count(pair => pair.First != pair.Second)));
        Assert.All(alike, other => Assert.StartsWith("+", other, StringComparison.Ordinal));
    }
}
