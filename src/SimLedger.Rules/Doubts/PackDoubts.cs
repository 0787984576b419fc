using NodaTime;
using SimLedger.Rules.Reading;

namespace SimLedger.Rules.Doubts;

/// <summary>What a pack may say but hardly means: its warnings. Looked for only in packs without errors.</summary>
internal static class PackDoubts
{
    /// <param name="path">Of the pack in its file.</param>
    /// <param name="today">For what depends on the day; null: that is left out.</param>
    public static void Find(RulePack pack, string path, LocalDate? today, FindingList findings)
    {
        CarrierDoubts.Find(pack, path, findings);
        for (var p = 0; p < pack.Products.Count && findings.TakesWarnings; p++)
        {
            var product = pack.Products[p];
            var at = $"{path}.products[{p}]";
            OfferDoubts.Find(product, at, findings);
            VersionDoubts.Find(product, at, today, findings);
            for (var r = 0; r < product.Rules.Count && findings.TakesWarnings; r++)
            {
                var version = product.Rules[r];
                ClockDoubts.Find(product, version, $"{at}.rules[{r}]", findings);
                LadderDoubts.Find(pack, version, $"{at}.rules[{r}]", findings);
                SourceDoubts.Find(version.Source, $"{at}.rules[{r}].source", today, findings);
            }
        }
    }
}
