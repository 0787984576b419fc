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
