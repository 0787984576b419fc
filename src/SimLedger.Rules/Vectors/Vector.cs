using System.Text.Json;

namespace SimLedger.Rules.Vectors;

/// <summary>One worked example: a question under a pack, and what the answer must be.</summary>
/// <param name="Expected">As written; members are compared by name.</param>
/// <param name="ExpectedAt">Where that stands in the file.</param>
internal sealed record Vector(RulePack Pack, Question Question, JsonElement Expected, string ExpectedAt)
{
    /// <summary>Compares an answer with what is expected.</summary>
    public void Compare(Standing standing, Comparison comparison) =>
        comparison.Compare(Expected, StandingMembers.Of(standing, Pack.FindProduct(Question.Product)?.Currency), "", ExpectedAt);
}
