using NodaTime;
using SimLedger.Rules.Evaluating;

namespace SimLedger.Rules.Planning;

/// <summary>A line as its history leaves it now, and what it shares with others that plan alike.</summary>
/// <param name="Ground">Lines with equal keys stand on one ground.</param>
/// <param name="Obstacle">Why nothing can be planned; null: it can.</param>
internal sealed record LineStart(PlanLine Line, Product Product, LineEvaluation Evaluation, GroundKey Ground, PlanIssue? Obstacle)
{
    public static LineStart Of(PlanLine line, PlanRequest request)
    {
        var evaluation = new LineEvaluation(line.Pack, line.Question with { AsOf = request.From });
        evaluation.TakeEntries();
        var product = line.Pack.FindProduct(line.Question.Product) ?? WithoutRules(line.Question.Product);
        var ground = new GroundKey(
            line.Pack, product.Code, string.Concat(evaluation.Versions.Select(version => evaluation.IsFor(version) ? '1' : '0')),
            line.FormFactor is FormFactor.Esim, string.Join('\n', line.PreferredChannels ?? request.PreferredChannels ?? []));
        return new LineStart(line, product, evaluation, ground, ObstacleFor(evaluation, request.From));
    }

    private static PlanIssue? ObstacleFor(LineEvaluation line, Instant now)
    {
        var state = line.State.Copy();
        var governing = line.GoverningVersion(line.Calendar.DateOf(now));
        if (governing is not null) VersionChange.Apply(governing, state, line.Calendar);
        AutomaticExtensions.Apply(state, until: null, line.Calendar);
        return LadderStages.At(now, state, line.Calendar).Stage switch
        {
            Stage.Lost => PlanIssue.Lost,
            Stage.Unstarted => governing is null || line.SomeEntryUnknown ? PlanIssue.RuleUnknown : PlanIssue.NotStarted,
            _ => null,
        };
    }

    // Nothing can be done for a product that the pack does not have, but the carrier's own word may give it a date.
    private static Product WithoutRules(string code) => new(code, new TextByLanguage(new Dictionary<string, string>()), "XXX", [], [], [], [], []);
}

/// <summary>What decides on which ground a line plans.</summary>
/// <param name="Versions">A 1 for each version that can govern the line, a 0 for each that cannot.</param>
internal sealed record GroundKey(RulePack Pack, string Product, string Versions, bool IsEsim, string PreferredChannels)
{
    public bool Equals(GroundKey? other) =>
        other is not null && ReferenceEquals(Pack, other.Pack) && Product == other.Product && Versions == other.Versions
        && IsEsim == other.IsEsim && PreferredChannels == other.PreferredChannels;

    public override int GetHashCode() => HashCode.Combine(Pack.Code, Product, Versions, IsEsim, PreferredChannels);
}
