using NodaTime;
using SimLedger.Rules;

namespace SimLedger.Tests.Rules.BruteForce;

/// <summary>One entry with what the zone makes of its time.</summary>
/// <param name="Recorded">Place in record order.</param>
/// <param name="On">D of the format.</param>
internal sealed record Fact(Entry Entry, int Recorded, Instant At, LocalDate On);

/// <summary>An entry that was taken, and the last known balance once it was.</summary>
internal sealed record PastFact(Fact Fact, decimal? BalanceThen);

/// <summary>The last known balance as it was observed.</summary>
internal sealed record Observation(decimal Amount, LocalDate On, Instant At);
