using NodaTime;
using SimLedger.Cards;

namespace SimLedger.Tests.Cards;

/// <summary>Given past events, when a command is decided, then these facts or that refusal. The nth event has the id <c>Id(n)</c>.</summary>
internal sealed record CardSpec(Card Card, Circumstances Around)
{
    public static CardSpec Given(params CardEvent[] past) => new(Recorded(Card.Initial, past), new(Now, Hongkong));

    public CardSpec InZone(string? zone) => this with { Around = Around with { CarrierZone = zone is null ? null : DateTimeZoneProviders.Tzdb[zone] } };

    public CardSpec OfAProductIn(string currency) => this with { Around = Around with { ProductCurrency = currency } };

    public Outcome When(CardCommand command) => new(Card, CardDecider.Decide(Card, command, Around));

    public static Card Recorded(Card card, IEnumerable<CardEvent> events) =>
        events.Aggregate(card, (past, happened) => Card.Evolve(past, new(Id(past.Version + 1), past.Version + 1, happened)));

    public static Guid Id(int version) => new(version, 0, 0, new byte[8]);

    public static readonly Instant Now = Instant.FromUtc(2026, 11, 21, 18, 0);
    public static readonly DateTimeZone Hongkong = DateTimeZoneProviders.Tzdb["Asia/Hong_Kong"];

    public sealed record Outcome(Card Before, Decision Decision)
    {
        public Outcome Then(params CardEvent[] expected)
        {
            Assert.Equal(expected, Assert.IsType<Decision.Accepted>(Decision).Events);
            Recorded(Before, expected); // What was decided must fold.
            return this;
        }

        public void ThenNothing(int? repeatOf = null)
        {
            Then();
            Assert.Equal(repeatOf is { } version ? Id(version) : null, ((Decision.Accepted)Decision).RepeatOf);
        }

        public void WithoutWarning() => Assert.Empty(((Decision.Accepted)Decision).Warnings);

        public void Warning(WarningKind kind, int entry) => Assert.Equal([new Warning(kind, Id(entry))], ((Decision.Accepted)Decision).Warnings);

        public Decision.Refused ThenRefused(Refusal expected)
        {
            var refused = Assert.IsType<Decision.Refused>(Decision);
            Assert.Equal(expected, refused.Why);
            return refused;
        }

        /// <summary>Malformed, and these members are named with these codes.</summary>
        public void ThenMalformed(params (string Member, string Code)[] expected) =>
            Assert.Equal(expected, ThenRefused(Refusal.InvalidValues).Values.Select(problem => (problem.Member, problem.Code.Text)));
    }
}
