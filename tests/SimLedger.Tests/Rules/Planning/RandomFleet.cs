using NodaTime;
using SimLedger.Rules;
using SimLedger.Rules.Planning;

namespace SimLedger.Tests.Rules.Planning;

/// <summary>Lines of all packs that come with the server, with histories such as people record them, and worse.</summary>
internal static class RandomFleet
{
    public static readonly Instant Now = Instant.FromUtc(2026, 11, 21, 9, 30);

    private static readonly LocalDate Today = new(2026, 11, 21);

    public static readonly IReadOnlyList<RulePack> Packs =
    [
        .. Directory.EnumerateFiles(Path.Combine(AppContext.BaseDirectory, "RulePacks"), "*.json")
            .Where(file => !file.EndsWith(".vectors.json", StringComparison.Ordinal)).Order(StringComparer.Ordinal)
            .Select(file => RulePackReader.Read(File.ReadAllBytes(file), Path.GetFileName(file)).Pack!),
    ];

    public static List<PlanLine> Lines(int count, int seed)
    {
        var chance = new Random(seed);
        return [.. Enumerable.Range(0, count).Select(i => Line($"line-{i:00000}", chance))];
    }

    private static PlanLine Line(string id, Random chance)
    {
        var pack = Packs[chance.Next(Packs.Count)];
        var entries = new List<Entry>();
        if (chance.Next(20) > 0) entries.Add(new Entry("activated", EntryType.Activated, Before(chance, 700)));
        for (var i = chance.Next(0, 5); i > 0; i--) entries.Add(Entry($"e{i}", chance));
        if (chance.Next(10) == 0 && entries.Count > 0) entries.Add(new Entry("void", EntryType.Voided, entries[0].At, Voids: entries[0].Id));
        var form = new FormFactor?[] { null, FormFactor.Physical, FormFactor.Esim }[chance.Next(3)];
        var product = chance.Next(50) == 0 ? "no-such-product" : pack.Products[0].Code;
        return new PlanLine(id, pack, new Question(product, entries, Now), form, Rank: chance.Next(3));
    }

    private static Entry Entry(string id, Random chance)
    {
        var at = Before(chance, 250);
        decimal amount = new[] { 0, 5, 8, 20, 50, 100, 300 }[chance.Next(7)];
        return chance.Next(8) switch
        {
            0 => new Entry(id, EntryType.Usage, at, UsageKind: UsageKind.Sms, Direction: Direction.Out, Chargeable: true),
            1 => new Entry(id, EntryType.Balance, at, amount - 5),
            2 => new Entry(id, EntryType.CarrierStated, at, EndsOn: Today.PlusDays(chance.Next(-30, 300))),
            3 => new Entry(id, EntryType.Renewed, at, amount),
            4 => new Entry(id, EntryType.TopUp, at, amount, chance.Next(3) == 0 ? "USD" : null, BalanceAfter: amount),
            _ => new Entry(id, EntryType.TopUp, at, amount),
        };
    }

    // Some lie a little ahead: clocks differ.
    private static EntryTime Before(Random chance, int days) =>
        chance.Next(2) == 0 ? EntryTime.On(Today.PlusDays(-chance.Next(0, days))) : EntryTime.At(Now - Duration.FromHours(chance.Next(-5, days * 24)));
}
