using NodaTime;
using SimLedger.Rules;

namespace SimLedger.Benchmarks;

/// <summary>Histories as lines have them: of each pack the facts that its rules listen to, evenly over the last months or years.</summary>
internal static class LineHistory
{
    public static readonly Instant AsOf = Instant.FromUtc(2026, 11, 21, 2, 0);

    private static readonly Duration MostBetween = Duration.FromDays(14);

    /// <summary>An activation, then payments and usage that the rules in force listen to; every fifth fact is an observed balance, every second is dated by the day alone.</summary>
    public static Question Of(RulePack pack, Product product, int entries)
    {
        var today = AsOf.InZone(pack.Zone).Date;
        var version = product.Rules.First(v => v.From <= today && !(v.To < today));
        var extensions = version.Clocks.SelectMany(c => c.ExtendedBy).Where(e => e.When.On is not EntryType.Voided).ToList();
        var triggers = version.Clocks.SelectMany(c => c.StartsOn).Concat(extensions.Select(e => e.When)).Distinct().ToList();
        var open = AsOf - version.From.AtStartOfDayInZone(pack.Zone).ToInstant();
        var between = Duration.Min(MostBetween, open / (entries + 1));
        var history = new List<Entry>(entries);
        for (var i = 0; i < entries; i++)
        {
            var at = AsOf - (entries - i) * between;
            var time = i % 2 == 0 ? EntryTime.At(at.InZone(pack.Zone).ToOffsetDateTime()) : EntryTime.On(at.InZone(pack.Zone).Date);
            var id = new Guid(i, 7, 7, 1, 2, 3, 4, 5, 6, 7, 8).ToString("D");
            history.Add(i switch
            {
                0 => new Entry(id, EntryType.Activated, time),
                _ when i % 5 == 4 => new Entry(id, EntryType.Balance, time, 42.50m, product.Currency),
                _ => Matching(triggers[i % triggers.Count], id, time, product, at.InZone(pack.Zone).Date),
            });
        }

        return new Question(product.Code, history, AsOf, Region: version.Region);
    }

    private static Entry Matching(Trigger trigger, string id, EntryTime time, Product product, LocalDate day)
    {
        var where = trigger.Where;
        var pays = trigger.On is EntryType.TopUp or EntryType.Renewed or EntryType.Extended;
        return new Entry(
            id, trigger.On, time,
            pays ? where?.MinAmount ?? (product.Offers is [var offer, ..] ? offer.Amount : 50m) : null,
            pays ? product.Currency : null,
            where?.Channels?[0],
            where?.Offers?[0],
            UsageKind: trigger.On is EntryType.Usage ? where?.UsageKinds?[0] ?? UsageKind.Call : null,
            Direction: trigger.On is EntryType.Usage ? where?.Direction ?? Direction.Out : null,
            Chargeable: trigger.On is EntryType.Usage ? where?.Chargeable ?? true : null,
            BalanceAfter: where?.BalanceAtLeast,
            EndsOn: trigger.On is EntryType.CarrierStated ? day.PlusDays(90) : null,
            Period: pays ? new Term(30, TermUnit.Day) : null);
    }
}
