using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using NodaTime;
using SimLedger.Cards;
using SimLedger.Ledger;
using SimLedger.Ledger.Tenancy;
using SimLedger.Rules;
using SimLedger.Server.DueList;

namespace SimLedger.Benchmarks;

/// <summary>
/// Cards of many organisations, one line each, recorded through the ledger itself so that the chain holds: registered, with number and owner, then topped up once a month. Their rows on the
/// due list are made from these facts. They have no tags; their numbers are not reserved, which nobody who tops them up asks for.
/// </summary>
internal sealed class RecordedCards
{
    /// <summary>The least number of facts: those before the first top-up, and it.</summary>
    public const int FewestFacts = 5;

    private const int CallersAtOnce = 128;
    private static readonly DateTimeZone Zone = DateTimeZoneProviders.Tzdb["Asia/Manila"];

    private RecordedCards(Card[] cards, long rulesRevision) => (All, RulesRevision) = (cards, rulesRevision);

    /// <summary>In no order; an organisation's cards are as many as its share.</summary>
    public Card[] All { get; }

    public long RulesRevision { get; }

    /// <param name="Rank">Of its organisation, see <see cref="Bench.Tenant"/>.</param>
    public sealed record Card(int Rank, Guid Id, Guid Line, string Number, string Iccid);

    /// <summary>Creates the organisations and their cards.</summary>
    /// <param name="facts">Of each card, <see cref="FewestFacts"/> at least.</param>
    public static async Task<RecordedCards> Write(Bench bench, string database, IServiceProvider services, int count, int facts, int tenants = Bench.Tenants)
    {
        for (var rank = 1; rank <= tenants; rank++) await services.GetRequiredService<Tenants>().Create(Bench.Tenant(rank), CancellationToken.None);
        var cards = Bench.Draw(count, seed: 7, tenants).Select((rank, i) => new Card(
            rank, Guid.CreateVersion7(), Guid.CreateVersion7(), string.Create(CultureInfo.InvariantCulture, $"+639{i:000000000}"), string.Create(CultureInfo.InvariantCulture, $"8963{i:000000000000000}"))).ToArray();
        var ledger = services.GetRequiredService<EventLedger>();
        await Parallel.ForEachAsync(cards, new ParallelOptions { MaxDegreeOfParallelism = CallersAtOnce }, async (card, stop) => await Record(ledger, card, facts, stop));
        var reappraisal = services.GetRequiredService<Reappraisal>();
        foreach (var rank in cards.Select(card => card.Rank).Distinct())
        {
            if (await reappraisal.Rebuild(Bench.Tenant(rank), CancellationToken.None) is (_, > 0 and var failed)) throw new InvalidOperationException($"{failed} cards could not be appraised.");
        }
        await Bench.Scalar(bench.Superuser(database), "vacuum analyze");
        var revision = (long)(await Bench.Scalar(bench.Superuser(database), $"select rules_revision from tenant_heads where tenant_id = '{Bench.Tenant(1)}'"))!;
        return new RecordedCards(cards, revision);
    }

    private static async Task Record(EventLedger ledger, Card card, int facts, CancellationToken cancel)
    {
        var now = SystemClock.Instance.GetCurrentInstant();
        List<CardEvent> events =
        [
            new CardEvent.CardRegistered("ph-tm", Cards.FormFactor.Physical, card.Iccid, null),
            new CardEvent.LineAttached(card.Line, "prepaid", null, null),
            new CardEvent.NumberAssigned(card.Line, card.Number),
            new CardEvent.PeopleAssigned { Owner = "Ana Cruz" },
        ];
        for (var months = facts - events.Count; months > 0; months--)
        {
            var at = (now - Duration.FromDays(30 * months)).InZone(Zone).ToOffsetDateTime();
            events.Add(new CardEvent.ToppedUp(card.Line, EntryTime.At(at), 300m, "PHP") { Channel = "app", OrderNumber = $"A-{card.Number}-{months}" });
        }
        var append = new Append(Bench.Tenant(card.Rank), card.Id, 0, [.. events.Select(Stored)], new AuditContext("key:01a1fc89-ef57-7353-acf9-0e0666a6fd0f", "api"));
        if (await ledger.Append(append, cancel) is not AppendAnswer.Appended) throw new InvalidOperationException("A card could not be recorded.");
    }

    private static NewEvent Stored(CardEvent happened)
    {
        var (type, json) = CardEventJson.Write(happened);
        return new NewEvent(Guid.CreateVersion7(), type, json);
    }
}
