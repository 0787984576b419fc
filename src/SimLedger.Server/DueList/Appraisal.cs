using NodaTime;
using SimLedger.Cards;
using SimLedger.Rules;

namespace SimLedger.Server.DueList;

/// <summary>Where cards meet rules: a line's history, put to the pack of its carrier.</summary>
public static class Appraisal
{
    /// <summary>Standing of a line at an instant, with the pack that told it.</summary>
    public static (RulePack Pack, Standing Standing) Of(Card card, Line line, RulePackSet packs, Instant asOf)
    {
        var pack = PackOf(card, packs);
        return (pack, Evaluator.Evaluate(pack, QuestionOf(card, line, pack, asOf)));
    }

    /// <summary>What is asked of the rules about a line at an instant.</summary>
    /// <param name="pack">Of the card's carrier: times are compared by its clock.</param>
    public static Question QuestionOf(Card card, Line line, RulePack pack, Instant asOf) =>
        new(line.Product ?? "", History.Of(card, line, pack.Zone), asOf, History.ActivatedOn(card, line, pack.Zone), line.Region);

    /// <summary>The card's form, in the words of the rules; null: not known.</summary>
    public static Rules.FormFactor? FormFactorOf(Card card) => card.FormFactor switch
    {
        Cards.FormFactor.Physical => Rules.FormFactor.Physical,
        Cards.FormFactor.Esim => Rules.FormFactor.Esim,
        _ => null,
    };

    /// <summary>The carrier's pack; without one a pack that has no rules, so that the carrier's own word still gives a date and all else is "rule unknown".</summary>
    public static RulePack PackOf(Card card, RulePackSet packs) => (card.Carrier is null ? null : packs.Find(card.Carrier)) ?? RulePack.WithoutRules;
}
