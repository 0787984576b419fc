namespace SimLedger.Cards;

/// <summary>Serial number of a device.</summary>
public static class Imei
{
    private const int Length = 15;

    private const string Cure = "Copy all 15 digits from the device (dialling *#06# shows them); leave out what stands behind a slash.";

    internal static ValueProblem? Check(string text)
    {
        if (text.AsSpan().ContainsAnyExceptInRange('0', '9')) return new(ValueCode.ImeiNotDigits, "The IMEI holds something other than digits.", Cure);
        if (text.Length != Length) return new(ValueCode.ImeiLength, $"The IMEI has {text.Length} digits; it takes {Length}.", Cure);
        if (!Luhn.IsValid(text)) return new(ValueCode.ImeiCheckDigit, "The IMEI's last digit does not fit the others.", Cure);

        return null;
    }
}
