namespace SimLedger.Rules.Reading;

/// <summary>Amounts that somebody asks for or pays, and the currency they are in.</summary>
internal static class PriceReading
{
    public static decimal Price(this JsonMembers members, string name, FindingList findings) =>
        NotNegative(members.Money(name), members, name, findings);

    public static decimal? OptionalPrice(this JsonMembers members, string name, FindingList findings) =>
        members.OptionalMoney(name) is { } amount ? NotNegative(amount, members, name, findings) : null;

    /// <summary>Three capital letters, the shape of ISO 4217. The list of currencies changes too often to be kept here.</summary>
    public static string Currency(this JsonMembers members, string name, FindingList findings)
    {
        var currency = members.Text(name);
        if (currency.Length > 0 && (currency.Length != 3 || currency.AsSpan().ContainsAnyExceptInRange('A', 'Z')))
        {
            findings.Error(members.PathOf(name), $"\"{currency}\" is no currency.", "Write the three capital letters of ISO 4217: \"PHP\".");
        }

        return currency;
    }

    private static decimal NotNegative(decimal amount, JsonMembers members, string name, FindingList findings)
    {
        if (decimal.IsNegative(amount)) findings.Error(members.PathOf(name), "The amount has a minus sign.", "Write what is paid, without a sign.");
        return amount;
    }
}
