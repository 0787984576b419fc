using System.Text.Json.Nodes;
using SimLedger.Rules;

namespace SimLedger.Tests.Rules.BruteForce;

/// <summary>Makes a case on which two evaluators disagree as small as it gets, so that a person can see why.</summary>
internal static class Shrinking
{
    public static RandomCase Smallest(RandomCase big)
    {
        for (var isSmaller = true; isSmaller;)
        {
            isSmaller = false;
            foreach (var smaller in Smaller(big))
            {
                if (smaller.Differences().Count == 0) continue;

                (big, isSmaller) = (smaller, true);
                break;
            }
        }

        return big;
    }

    private static IEnumerable<RandomCase> Smaller(RandomCase big)
    {
        var question = big.Question;
        for (var i = 0; i < question.History.Count; i++)
        {
            yield return big with { Question = question with { History = [.. question.History.Where((_, at) => at != i)] } };
        }

        for (var i = 0; i < question.History.Count; i++)
        {
            foreach (var plainer in Plainer(question.History[i]))
            {
                if (plainer == question.History[i]) continue;

                var history = question.History.ToArray();
                history[i] = plainer;
                yield return big with { Question = question with { History = history } };
            }
        }

        if (question.Channel is not null) yield return big with { Question = question with { Channel = null } };
        if (question.Region is not null) yield return big with { Question = question with { Region = null } };
        if (question.ActivatedOn is not null) yield return big with { Question = question with { ActivatedOn = null } };

        for (var path = 0; path < Parts(big.PackJson).Count; path++)
        {
            var json = (JsonObject)big.PackJson.DeepClone();
            var (owner, part) = Parts(json)[path];
            if (owner is JsonArray list) list.Remove(part);
            else owner.AsObject().Remove(part.GetPropertyName());
            if (RandomCase.Read(json) is { } pack && pack.Products.Any(product => product.Code == question.Product))
            {
                yield return big with { PackJson = json, Pack = pack };
            }
        }
    }

    private static Entry[] Plainer(Entry entry) =>
    [
        entry with { Currency = null }, entry with { Channel = null }, entry with { Offer = null }, entry with { Promotion = null },
        entry with { UsageKind = null }, entry with { Direction = null }, entry with { Chargeable = null }, entry with { BalanceAfter = null },
        entry with { Amount = null }, entry with { EndsOn = null }, entry with { Clock = null }, entry with { Period = null },
    ];

    /// <summary>All that can be taken out of a pack, the big parts first.</summary>
    private static List<(JsonNode Owner, JsonNode Part)> Parts(JsonNode node)
    {
        var children = node switch
        {
            JsonObject members => members.Select(member => member.Value).OfType<JsonNode>().ToList(),
            JsonArray items => [.. items.OfType<JsonNode>()],
            _ => [],
        };
        return [.. children.Select(child => (node, child)), .. children.SelectMany(Parts)];
    }
}
