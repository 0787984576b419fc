using System.Globalization;
using System.Text;

namespace SimLedger.Benchmarks;

/// <summary>A fleet file of any length: the rows of the shared fleet over and over, each with a number and an ICCID of its own.</summary>
internal static class GeneratedFleet
{
    private const int Number = 0;
    private const int Iccid = 1;

    /// <returns>The file.</returns>
    public static string Write(string folder, int rows)
    {
        var patterns = File.ReadAllLines(Shared(AppContext.BaseDirectory));
        var path = Path.Combine(folder, string.Create(CultureInfo.InvariantCulture, $"fleet-{rows}.csv"));
        using var file = new StreamWriter(path, append: false, new UTF8Encoding(false), 1 << 16);
        file.Write(patterns[0] + "\n");
        for (var i = 0; i < rows; i++)
        {
            var cells = patterns[1 + i % (patterns.Length - 1)].Split(',');
            if (cells[Number].Length > 0) cells[Number] = string.Create(CultureInfo.InvariantCulture, $"{cells[Number].AsSpan(0, 4)}{i:00000000}");
            if (cells[Iccid].Length > 0) cells[Iccid] = WithCheckDigit(string.Create(CultureInfo.InvariantCulture, $"{cells[Iccid].AsSpan(0, 4)}{i:00000000000000}"));
            file.Write(string.Join(',', cells) + "\n");
        }
        return path;
    }

    /// <summary>The columns, as the file's first line names them.</summary>
    public static string[] Columns(string file) => File.ReadLines(file).First().Split(',');

    /// <summary>ISO/IEC 7812-1, annex B.</summary>
    private static string WithCheckDigit(string digits)
    {
        var sum = 0;
        for (var i = 0; i < digits.Length; i++)
        {
            var digit = digits[^(i + 1)] - '0';
            if (i % 2 == 0) digit = digit > 4 ? digit * 2 - 9 : digit * 2;
            sum += digit;
        }
        return digits + (char)('0' + (10 - sum % 10) % 10);
    }

    private static string Shared(string folder)
    {
        var path = Path.Combine(folder, "shared", "data", "fleet.csv");
        return File.Exists(path) ? path : Shared(Path.GetDirectoryName(folder) ?? throw new InvalidOperationException("There is no shared/data/fleet.csv above this checkout."));
    }
}
