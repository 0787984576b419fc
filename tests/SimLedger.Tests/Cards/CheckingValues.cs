using SimLedger.Cards;

namespace SimLedger.Tests.Cards;

public class CheckingValues
{
    [Theory]
    [InlineData("+447700900123", null)]
    [InlineData("+1234567", null)]
    [InlineData("+123456789012345", null)]
    [InlineData(null, "number-empty")]
    [InlineData("", "number-empty")]
    [InlineData("447700900123", "number-without-plus")]
    [InlineData("00447700900123", "number-without-plus")]
    [InlineData("+44 7700 900123", "number-not-digits")]
    [InlineData("+44７700900123", "number-not-digits")]
    [InlineData("+", "number-too-short")]
    [InlineData("+123456", "number-too-short")]
    [InlineData("+1234567890123456", "number-too-long")]
    [InlineData("+0447700900", "number-starts-with-zero")]
    public void Numbers(string? text, string? expected)
    {
        Assert.Equal(expected is null, E164.TryRead(text, out var number, out var problem));
        Assert.Equal((expected is null ? text : null, expected), (number, problem?.Code.Text));
    }

    [Theory]
    [InlineData("8944000000000000019", null)]
    [InlineData("8985200000000000036", null)]
    [InlineData("", "iccid-empty")]
    [InlineData("8944000000000000018", "iccid-check-digit")]
    [InlineData("8.944E+18", "iccid-not-digits")]
    [InlineData("89440000000000000", "iccid-length")]
    [InlineData("894400000000000000000", "iccid-length")]
    [InlineData("7944000000000000010", "iccid-not-telecom")]
    public void Serials(string text, string? expected)
    {
        Assert.Equal(expected is null, Iccid.TryRead(text, out var iccid, out var problem));
        Assert.Equal((expected is null ? text : null, expected), (iccid, problem?.Code.Text));
    }

    [Theory]
    [InlineData("89049032000000000000000000000066", null)]
    [InlineData("", "eid-empty")]
    [InlineData("89049032000000000000000000000067", "eid-check-digits")]
    [InlineData("8904903200000000000000000000006", "eid-length")]
    [InlineData("8904 903200000000000000000000066", "eid-not-digits")]
    public void Chips(string text, string? expected)
    {
        Assert.Equal(expected is null, Eid.TryRead(text, out var eid, out var problem));
        Assert.Equal((expected is null ? text : null, expected), (eid, problem?.Code.Text));
    }

    [Theory]
    [InlineData("12.50", null)]
    [InlineData("0", null)]
    [InlineData("-3.20", null)]
    [InlineData("9999999999999.999999", null)]
    [InlineData("", "amount-empty")]
    [InlineData("1,000", "amount-not-decimal")]
    [InlineData("1e3", "amount-not-decimal")]
    [InlineData(" 1", "amount-not-decimal")]
    [InlineData("+1", "amount-not-decimal")]
    [InlineData("01", "amount-not-decimal")]
    [InlineData("1.", "amount-not-decimal")]
    [InlineData(".5", "amount-not-decimal")]
    [InlineData("-", "amount-not-decimal")]
    [InlineData("１２", "amount-not-decimal")]
    [InlineData("10000000000000", "amount-out-of-range")]
    [InlineData("1.0000000", "amount-out-of-range")]
    [InlineData("99999999999999999999999999999999999999", "amount-out-of-range")]
    public void Amounts(string text, string? expected)
    {
        Assert.Equal(expected is null, Money.TryReadAmount(text, out var amount, out var problem));
        Assert.Equal(expected, problem?.Code.Text);
        if (expected is null) Assert.Equal(text, amount.ToString(System.Globalization.CultureInfo.InvariantCulture));
    }

    [Theory]
    [InlineData("HKD", true)]
    [InlineData("hkd", false)]
    [InlineData("HK$", false)]
    [InlineData("HKDX", false)]
    [InlineData(null, false)]
    public void Currencies(string? text, bool taken) => Assert.Equal(taken, Money.TryReadCurrency(text, out _, out _));

    [Fact]
    public void Lengths_are_counted_in_code_points()
    {
        Assert.True(FreeText.TryRead("𠮷𠮷", 2, out _));
        Assert.False(FreeText.TryRead("𠮷𠮷a", 2, out var problem));
        Assert.Equal("The text has 3 characters; 2 are kept.", problem.Message);
    }

    [Fact]
    public void Every_refusal_has_a_code_a_title_and_a_cure()
    {
        Assert.Equal("entry-is-a-void", RefusalText.Code(Refusal.EntryIsAVoid));
        foreach (var why in Enum.GetValues<Refusal>())
        {
            Assert.Matches("^[a-z]+(-[a-z]+)+$", RefusalText.Code(why));
            Assert.Matches("^[A-Z].*\\.$", RefusalText.Title(why));
            Assert.Matches("^[A-Z].*\\.$", RefusalText.Cure(why));
        }
    }
}
