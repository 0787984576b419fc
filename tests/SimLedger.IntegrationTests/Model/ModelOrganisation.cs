using NodaTime;
using SimLedger.Rules;

namespace SimLedger.IntegrationTests.Model;

/// <summary>What a request must be answered: refused with a code, or done with facts, none of them where everything stood already.</summary>
/// <param name="Facts">To be recorded, in order.</param>
/// <param name="RepeatOf">The fact that said the same before.</param>
/// <param name="First">Of a request that brings lines: the card's lines before any change, with ids that the answer replaces.</param>
internal sealed record Expected(int Status, string? Code, IReadOnlyList<Fact> Facts, IReadOnlyList<string> Warnings, Guid? RepeatOf = null, CardState? First = null)
{
    public static Expected Refused(string code, int status = 422) => new(status, code, [], []);

    public static Expected Done(params IReadOnlyList<Fact> facts) => new(200, null, facts, []);

    public static Expected Repeats(Fact earlier) => Done() with { RepeatOf = earlier.Id };
}

/// <summary>The model of one organisation: its cards, what they hold, and what commands on them must come to. Knows nothing of the server's code.</summary>
internal sealed partial class ModelOrganisation(Packs packs)
{
    private const int MostLines = 8;

    private static readonly Duration ClockSkew = Duration.FromMinutes(5);

    public List<ModelCard> Cards { get; } = [];

    public Instant Now { get; set; }

    public IEnumerable<ModelLine> Lines => Cards.SelectMany(LinesOf);

    public IEnumerable<ModelLine> LinesOf(ModelCard card) => card.Now.Lines.Select(line => ModelLine.Of(card, line.Id, packs, Now));

    public DateTimeZone ZoneOf(string? carrier) => packs.Of(carrier).Zone;

    /// <summary>Refuses what would take an identifier of another card, and tells of numbers that look like one of another's.</summary>
    public Expected Held(ModelCard? card, Expected expected)
    {
        if (expected.Code is not null || expected.Facts.Count == 0) return expected;
        var after = (card ?? new ModelCard(Guid.Empty, expected.First!)).After(expected.Facts, expected.First);
        var attached = after.Lines.Where(l => !l.Detached && l.Number is not null).Select(l => l.Number!).ToList();
        if (attached.Distinct().Count() < attached.Count) return Expected.Refused("number-on-two-lines");

        var others = Cards.Where(c => c != card).SelectMany(c => c.Now.Held.Select(h => (c, h))).ToList();
        var taken = card is null ? after.Held.ToList() : [.. after.Held.Except(card.Now.Held)];
        if (others.Any(o => taken.Contains(o.h))) return Expected.Refused("identifier-taken", 409);

        var alike = from name in taken
                    where name.Kind == "number"
                    from other in others.Where(o => o.h.Kind == "number" && LooksLike(o.h.Value, name.Value)).OrderBy(o => o.h.Value, StringComparer.Ordinal).Take(3)
                    select $"lookAlikeNumber {other.h.Value} {other.c.Id}";
        return expected with { Warnings = [.. expected.Warnings, .. alike] };
    }

    /// <summary>Takes in what the server recorded.</summary>
    /// <param name="ids">Of the facts, in order.</param>
    /// <param name="lines">Of all lines of the card, in the order they were attached.</param>
    public static void Record(ModelCard card, Expected expected, IReadOnlyList<Guid> ids, IReadOnlyList<Guid> lines)
    {
        if (expected.First is { } first)
        {
            for (var i = 0; i < lines.Count; i++)
            {
                foreach (var fact in expected.Facts.Where(f => f.Line == first.Lines[i].Id)) fact.Line = lines[i];
            }
            card.First = first with { Lines = [.. first.Lines.Select((line, i) => line with { Id = lines[i] })] };
        }
        for (var i = 0; i < ids.Count; i++)
        {
            var fact = expected.Facts[i];
            fact.Id = ids[i];
            if (fact.Cancels is { } cancelled) (cancelled.Voided, cancelled.VoidedBy) = (true, fact);
            card.Facts.Add(fact);
        }
    }

    private LocalDate Today(string? carrier) => Now.InZone(ZoneOf(carrier)).Date;

    private string? NotATime(EntryTime at, string? carrier) =>
        (at.Date is { } date ? date > Today(carrier) : at.ToInstant(DateTimeZone.Utc) > Now + ClockSkew) ? "at-in-the-future" : null;

    private static bool LooksLike(string one, string other) => one.Length == other.Length && one.Zip(other).Count(p => p.First != p.Second) == 1;

    /// <summary>The line meant; none named serves where only one can be meant.</summary>
    private static (LineState? Line, string? Refusal) Find(CardState state, Guid? id)
    {
        if (id is { } named) return state.Lines.FirstOrDefault(l => l.Id == named) is { } found ? (found, null) : (null, "line-unknown");
        if (state.Lines is [var alone]) return (alone, null);
        return state.Lines.Where(l => !l.Detached).ToList() is [var only] ? (only, null) : (null, "line-not-named");
    }
}
