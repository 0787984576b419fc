using System.Collections;
using SimLedger.Rules;

namespace SimLedger.Server.Importing;

/// <summary>A look through a file before it is imported: how many rows it has, and which cards several rows may be about.</summary>
/// <param name="Rows">Null: the file cannot be read to its end.</param>
public sealed record FileSurvey(long? Rows)
{
    /// <summary>Eight megabytes a table, however large the file: of a million identifiers some three in a hundred are taken for repeated though they are not.</summary>
    private const int Bits = 1 << 26;

    private readonly BitArray _seen = new(Bits);
    private readonly BitArray _repeated = new(Bits);

    /// <param name="packs">Tell in which country a carrier's numbers are dialled.</param>
    /// <exception cref="FleetFileException">The file does not begin as a fleet file.</exception>
    public static async Task<FileSurvey> Of(Stream file, RulePackSet packs, CancellationToken cancel)
    {
        var survey = new FileSurvey((long?)null);
        var rows = 0L;
        try
        {
            await foreach (var row in FleetFile.Read(file, _ => { }, cancel))
            {
                rows++;
                foreach (var identifier in RowTurns.Identifiers(row.InInternationalForm(packs))) survey.Note(identifier);
            }
            return survey with { Rows = rows };
        }
        catch (FleetFileException) when (rows > 0)
        {
            return survey; // Told when the import comes to that row.
        }
    }

    /// <summary>Whether another row may be about the same card; in rare cases yes though none is.</summary>
    public bool IsRepeated(string identifier) => _repeated[Place(identifier)];

    private void Note(string identifier)
    {
        var place = Place(identifier);
        if (_seen[place]) _repeated[place] = true;
        _seen[place] = true;
    }

    private static int Place(string identifier) => string.GetHashCode(identifier, StringComparison.Ordinal) & (Bits - 1);
}
