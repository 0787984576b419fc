using System.Text.Json;
using NodaTime;
using NodaTime.Text;
using SimLedger.Cards;
using SimLedger.Rules;
using SimLedger.Server.RulesInForce;

namespace SimLedger.Server.DueList;

/// <summary>A line on the due list: what is due, by when, and from when on this may be different.</summary>
/// <param name="Zone">All dates are local to it.</param>
/// <param name="Band">0: something to settle, listed first; 1: dated.</param>
/// <param name="DueOn">The end date while active, the end of the stage after; null where no end is known.</param>
/// <param name="Rank">0 critical, 1 high, 2 normal.</param>
/// <param name="Closed">Lost, retired or detached: listed only when asked for.</param>
/// <param name="OwnRules">By a rule pack of the organisation's own, put in the place of the shared one.</param>
/// <param name="HoldsUntil">Until then <paramref name="Ladder"/> tells stage and dates; after it the rules must be asked again.</param>
public sealed record StandingRow(
    Guid CardId, Guid LineId, string? Number, string? Iccid, string? Carrier, string? Product, string Owner, DateTimeZone Zone,
    Stage Stage, int Band, LocalDate? DueOn, int Rank, bool Closed, LocalDate? EndsOn, Instant? DeadlineAt, LocalDate? RenewBy, LocalDate? PrepareFrom,
    string? Clock, string? RuleVersion, Confidence? Confidence, bool OwnRules, IReadOnlyList<string> Flags, IReadOnlyList<StagePeriod> Ladder, Instant? HoldsUntil)
{
    public string? Eid { get; init; }

    public IReadOnlyList<string> Tags { get; init; } = [];

    /// <summary>The card is out of use.</summary>
    public bool Retired { get; init; }

    /// <summary>The line is no longer on the card.</summary>
    public bool Detached { get; init; }

    /// <summary>A deadline passed, or turned out not to have, and the card's facts do not say so yet.</summary>
    public bool NotesDue { get; init; }

    /// <summary>Flags that somebody must settle before any date can be trusted.</summary>
    private static readonly HashSet<Flag> Unsettled = [Flag.RuleUnknown, Flag.NotStarted, Flag.Arrears, Flag.ConflictingRules];

    /// <summary>The line as the rules see it at an instant.</summary>
    public static StandingRow Of(Guid cardId, Card card, Line line, RulesAt rules, Instant now)
    {
        var (pack, standing) = Appraisal.Of(card, line, rules.Packs, now);
        var differs = StatusCheck.Differs(card, line, pack, now);
        var checkHolds = StatusCheck.HoldsUntil(line, pack, now);
        return new StandingRow(
            cardId, line.Id, line.Number, card.Iccid, card.Carrier is null ? null : rules.Packs.Find(card.Carrier)?.Code ?? card.Carrier, line.Product, card.Owner, pack.Zone,
            Stage.Unstarted, differs || standing.Flags.Any(Unsettled.Contains) ? 0 : 1, null,
            card.Importance switch { Importance.Critical => 0, Importance.High => 1, _ => 2 }, false,
            standing.EndsOn, standing.DeadlineAt, standing.RenewBy, standing.PrepareFrom, standing.Clock, standing.RuleVersion, standing.Confidence, rules.IsOwn(pack),
            LineFlags.Of(standing, card, differs), standing.Stages, checkHolds is null || standing.HoldsUntil < checkHolds ? standing.HoldsUntil : checkHolds)
        {
            Eid = card.Eid, Tags = [.. card.Tags.Distinct(StringComparer.Ordinal)], Retired = card.IsRetired, Detached = line.IsDetached,
            NotesDue = LapseNotes.Decide(line, Lapses.Of(card, line, standing, rules.Packs, now)).Count > 0,
        }.At(now);
    }

    /// <summary>The same row at a later instant, as long as it <see cref="HoldsUntil"/>: stage and due date follow from the ladder alone.</summary>
    public StandingRow At(Instant now)
    {
        if (DeadlineAt is not { } deadline) return StandingAs(Stage.Unstarted, null);
        if (now < deadline) return StandingAs(Stage.Active, EndsOn);
        var period = Ladder.Last(p => p.From <= now);
        return StandingAs(period.Stage, period.EndsOn ?? EndsOn);
    }

    /// <summary>The row of a card that this program cannot read: its last known dates, and that they are no more than that.</summary>
    public StandingRow NotAppraisedAt(Instant now) => At(now) with { Band = 0, Flags = [.. Flags, LineFlags.NotAppraised] };

    private StandingRow StandingAs(Stage stage, LocalDate? dueOn) => this with { Stage = stage, DueOn = dueOn, Closed = IsClosed(stage) };

    private bool IsClosed(Stage stage) => stage == Stage.Lost || Retired || Detached;

    /// <summary>The first instant after the one given from which the row is not what it says; null: never.</summary>
    public Instant? NextChange(Instant now)
    {
        var next = HoldsUntil;
        foreach (var period in Ladder)
        {
            if (period.From > now && (next is null || period.From < next)) next = period.From;
        }
        return next;
    }

    /// <summary>Today is after the last safe day to act.</summary>
    public bool OverdueAt(Instant now) => RenewBy is { } day && day < now.InZone(Zone).Date;

    /// <summary>The members of the view's row, in the names of its columns.</summary>
    public void WriteMembers(Utf8JsonWriter json, Instant now)
    {
        json.WriteString("card_id", CardId);
        json.WriteString("line_id", LineId);
        json.WriteString("number", Number);
        json.WriteString("iccid", Iccid);
        json.WriteString("carrier", Carrier);
        json.WriteString("product", Product);
        json.WriteString("owner", Owner.Length == 0 ? null : Owner);
        json.WriteString("zone", Zone.Id);
        json.WriteString("stage", Words.Of(Stage));
        json.WriteNumber("band", Band);
        json.WriteString("due_on", DueOn is { } due ? Words.Of(due) : "infinity");
        json.WriteNumber("rank", Rank);
        json.WriteBoolean("closed", Closed);
        json.WriteString("ends_on", Words.Of(EndsOn));
        json.WriteString("deadline_at", Words.Of(DeadlineAt));
        json.WriteString("renew_by", Words.Of(RenewBy));
        json.WriteString("prepare_from", Words.Of(PrepareFrom));
        json.WriteString("clock", Clock);
        json.WriteString("rule_version", RuleVersion);
        json.WriteString("confidence", Confidence is { } sure ? Words.Of(sure) : null);
        json.WriteBoolean("own_rules", OwnRules);
        json.WriteStartArray("flags");
        foreach (var flag in Flags) json.WriteStringValue(flag);
        json.WriteEndArray();
        json.WritePropertyName("ladder");
        WriteLadder(json);
        json.WriteString("next_change_at", Words.Of(NextChange(now)));
        json.WriteString("holds_until", Words.Of(HoldsUntil));
        json.WriteStartArray("tags");
        foreach (var tag in Tags) json.WriteStringValue(tag);
        json.WriteEndArray();
        json.WriteString("eid", Eid);
        json.WriteBoolean("retired", Retired);
        json.WriteBoolean("detached", Detached);
        json.WriteBoolean("notes_due", NotesDue);
    }

    /// <summary>The ladder as stored: <c>[{stage, from, to, endsOn}]</c>.</summary>
    public static IReadOnlyList<StagePeriod> ReadLadder(JsonElement stored) =>
    [
        .. stored.EnumerateArray().Select(p => new StagePeriod(
            Words.Stage(p.GetProperty("stage").GetString()!),
            InstantPattern.ExtendedIso.Parse(p.GetProperty("from").GetString()!).GetValueOrThrow(),
            p.GetProperty("to").GetString() is { } to ? InstantPattern.ExtendedIso.Parse(to).GetValueOrThrow() : null,
            p.GetProperty("endsOn").GetString() is { } on ? LocalDatePattern.Iso.Parse(on).GetValueOrThrow() : null)),
    ];

    private void WriteLadder(Utf8JsonWriter json)
    {
        json.WriteStartArray();
        foreach (var period in Ladder)
        {
            json.WriteStartObject();
            json.WriteString("stage", Words.Of(period.Stage));
            json.WriteString("from", Words.Of(period.From));
            json.WriteString("to", Words.Of(period.To));
            json.WriteString("endsOn", Words.Of(period.EndsOn));
            json.WriteEndObject();
        }
        json.WriteEndArray();
    }
}
