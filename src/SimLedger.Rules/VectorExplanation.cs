namespace SimLedger.Rules;

/// <summary>What a vector file holds, and how one of its vectors is evaluated.</summary>
/// <param name="Names">Of all its vectors, in the order of the file.</param>
/// <param name="Lines">The evaluation of the vector asked for as plain text, in English; of each of that name if there are several. Empty: none has it.</param>
/// <param name="Findings">What was wrong with the file, or with the vector asked for and its pack.</param>
/// <param name="Holds">Whether all that the vector expects is so; false if there is no such vector or it cannot be evaluated. Where none is asked for: whether the file can be read.</param>
public sealed record VectorExplanation(IReadOnlyList<string> Names, IReadOnlyList<string> Lines, IReadOnlyList<Finding> Findings, bool Holds);
