namespace SimLedger.Rules.Explaining;

/// <summary>One thing an explanation says: a code and the values that belong to it. Sentences are made of it by a <see cref="Language"/>.</summary>
/// <param name="Confidence">Of the least sure rule whose dates are stated; null where no rule made one, as with the carrier's own word.</param>
/// <param name="Data">Name and value, in the order in which they matter; names are those of the templates' placeholders.</param>
public sealed record Statement(StatementCode Code, Confidence? Confidence, IReadOnlyList<KeyValuePair<string, Datum>> Data)
{
    public Topic Topic => Topics.Of(Code);

    /// <returns>Null if the statement has no such value.</returns>
    public Datum? Find(string name)
    {
        for (var i = 0; i < Data.Count; i++)
        {
            if (Data[i].Key == name) return Data[i].Value;
        }

        return null;
    }

    internal static Statement Of(StatementCode code, Confidence? confidence, params (string Name, Datum Value)[] data) =>
        new(code, confidence, [.. data.Select(datum => KeyValuePair.Create(datum.Name, datum.Value))]);
}

/// <summary>An act that a rule waits for: what it is, what it must be like, and what it gives.</summary>
/// <param name="Gives">The extension it triggers; null where it starts or stops a clock.</param>
public sealed record Way(EntryType Act, Filter Must, Extension? Gives, string? Currency);
