using NodaTime;
using SimLedger.Cards;
using SimLedger.Rules;

namespace SimLedger.Server.Importing;

/// <summary>
/// What a row adds to a card: only what the card's facts do not say already, so that a second import changes nothing. The same commands
/// decide as over HTTP; what they refuse becomes a note with its column.
/// </summary>
internal sealed class RowDecision
{
    private readonly RowReading _row;
    private readonly RulePackSet _packs;
    private readonly Instant _now;
    private readonly IReadOnlySet<Guid> _undone;
    private readonly List<CardEvent> _events = [];
    private Card _card;
    private int _version;

    private RowDecision(RowReading row, Card card, int version, IReadOnlySet<Guid> undone, RulePackSet packs, Instant now) =>
        (_row, _card, _version, _undone, _packs, _now) = (row, card, version, undone, packs, now);

    public List<RowNote> Notes { get; } = [];

    /// <summary>True once the row brings a card or a line that was not there.</summary>
    public bool Creates { get; private set; }

    private DateTimeZone Zone => (_card.Carrier is { } carrier ? _packs.Find(carrier)?.Zone : null) ?? DateTimeZone.Utc;

    /// <summary>Decides the row. A refusal is the row's own; what is only part of it is noted and left out.</summary>
    /// <param name="undone">Entries that the undoing of an import voided: they may be recorded again.</param>
    public static (Decision Decision, RowDecision Row) On(RowReading row, Card card, int version, IReadOnlySet<Guid> undone, RulePackSet packs, Instant now)
    {
        var decision = new RowDecision(row, card, version, undone, packs, now);
        return (decision.Decide(), decision);
    }

    private Decision Decide()
    {
        if (!_card.IsRegistered)
        {
            if (Take(Register()) is Decision.Refused refused) return refused;
            Creates = true;
        }
        else
        {
            if (_row.Iccid is { } iccid && _card.Iccid is null)
            {
                Note("iccid", iccid, "The card of this number is registered without an ICCID; an import does not change it.", "Record the SIM's ICCID on the card.");
            }
            if (!_card.Lines.Any(IsOfRow))
            {
                if (Take(new CardCommand.AttachLine(NewLine())) is Decision.Refused refused) return refused;
                Creates = true;
            }
            DescribeAgain();
        }

        var line = _card.Lines.First(IsOfRow);
        NoteRules(line);
        Activate(line.Id);
        TopUp(line.Id);
        ObserveBalance(line.Id);
        StateExpiry(line.Id);
        return Decision.Record(_events);
    }

    /// <summary>A line that has left the card is no line of it, though its number stands on it still.</summary>
    private bool IsOfRow(Line line) => !line.IsDetached && (_row.Number is null || line.Number == _row.Number);

    private CardCommand.Register Register() => new([NewLine()])
    {
        Carrier = _row.Carrier,
        FormFactor = _row.FormFactor,
        Iccid = _row.Iccid,
        Description = Description(),
        People = new CardCommand.AssignPeople { Owner = _row.Owner },
        Notes = _row.Notes,
    };

    private NewLine NewLine() => new(Guid.CreateVersion7(_now.ToDateTimeOffset())) { Number = _row.Number, Product = _row.Product };

    private CardCommand.Describe Description() =>
        new() { Purpose = _row.Purpose, Importance = _row.Importance, Location = _row.Location, Tags = _row.Tags };

    private void DescribeAgain()
    {
        if (_row.Purpose is not null || _row.Importance is not null || _row.Location is not null || _row.Tags is not null) Try(Description(), "purpose");
        if (_row.Owner is { } owner) Try(new CardCommand.AssignPeople { Owner = owner }, "owner");
        if (_row.Notes is { } notes) Try(new CardCommand.WriteNotes(notes), "notes");
    }

    private void NoteRules(Line line)
    {
        if (_card.Carrier is not { } carrier) return;
        if (_packs.Find(carrier) is not { } pack)
        {
            Note("carrier", carrier, "There are no rules for this carrier.", "The line is on the due list as something to settle; choose a carrier that has rules, or add them.");
            return;
        }
        var known = $"Known for {pack.Code}: {string.Join(", ", pack.Products.Select(p => p.Code))}.";
        if (line.Product is null) Note("product", "", "The product is missing; without it no rule applies.", known);
        else if (pack.FindProduct(line.Product) is null) Note("product", line.Product, "The carrier's rules do not know this product.", known);
    }

    private void Activate(Guid line)
    {
        if (_row.ActivatedOn is not { } day || Recorded<CardEvent.Activated>(line).Any(e => DayOf(e) == day)) return;
        Try(new CardCommand.Activate(line, EntryTime.On(day)) { Source = FleetImport.Source }, "activated_on");
    }

    private void TopUp(Guid line)
    {
        if (_row.LastTopUpOn is not { } day || _row.LastTopUpAmount is not { } amount) return;
        if (Recorded<CardEvent.ToppedUp>(line).Any(e => DayOf(e) == day && e.Amount == amount)) return;
        Try(new CardCommand.TopUp(line, EntryTime.On(day), amount, _row.Currency) { Source = FleetImport.Source }, "last_topup_amount", at: "last_topup_on");
    }

    private void ObserveBalance(Guid line)
    {
        if (_row.BalanceOn is not { } day || _row.Balance is not { } amount) return;
        if (Recorded<CardEvent.BalanceObserved>(line).Any(e => DayOf(e) == day && e.Amount == amount)) return;
        Try(new CardCommand.ObserveBalance(line, EntryTime.On(day), amount, _row.Currency) { Source = FleetImport.Source }, "balance", at: "balance_on");
    }

    /// <summary>The carrier's word as of today. One it has given before is not given again: an old file must not bring an old date back.</summary>
    private void StateExpiry(Guid line)
    {
        if (_row.ExpiresOn is not { } endsOn || Recorded<CardEvent.CarrierStatedExpiry>(line).Any(e => e.EndsOn == endsOn)) return;
        Try(new CardCommand.StateExpiry(line, EntryTime.On(_now.InZone(Zone).Date), endsOn) { Source = FleetImport.Source }, "expires_on");
    }

    /// <summary>Entries of the line, voided ones too: what somebody found wrong must not come back with the file it came from.</summary>
    private IEnumerable<T> Recorded<T>(Guid line) where T : CardEvent.LineEntry => _card.Lines.First(l => l.Id == line).Facts.Where(f => !_undone.Contains(f.EventId)).Select(f => f.Event).OfType<T>();

    private LocalDate DayOf(CardEvent.LineEntry entry) => entry.At.ToInstant(Zone).InZone(Zone).Date;

    /// <summary>Notes what is refused in the words of the file: who wrote it knows columns and cells, not members of a request.</summary>
    /// <param name="column">That the command came from.</param>
    /// <param name="at">The column of its day; null: the same.</param>
    private void Try(CardCommand command, string column, string? at = null)
    {
        if (Take(command) is not Decision.Refused refused) return;
        if (refused.Values.Count == 0) NoteCell(refused.Why == Refusal.CurrencyMissing ? "currency" : column, refused.Detail, RefusalText.Cure(refused.Why));
        foreach (var value in refused.Values)
        {
            NoteCell(value.Member switch { "/at" => at ?? column, "/currency" => "currency", _ => column }, value.Message, value.Cure);
        }
    }

    private void NoteCell(string column, string what, string cure) => Note(column, _row.Cell(column), what, $"{cure} The row is imported without it.");

    private Decision Take(CardCommand command)
    {
        var carrier = _card.IsRegistered ? _card.Carrier : _row.Carrier;
        var pack = carrier is null ? null : _packs.Find(carrier);
        var currency = _row.Product is { } product ? pack?.FindProduct(product)?.Currency : null;
        var decision = CardDecider.Decide(_card, command, new Circumstances(_now, pack?.Zone, currency));
        if (decision is not Decision.Accepted accepted) return decision;
        foreach (var happened in accepted.Events)
        {
            // Folded in only to decide the rest of the row on it; what is stored gets ids of its own.
            _card = Card.Evolve(_card, new RecordedFact(Guid.CreateVersion7(_now.ToDateTimeOffset()), ++_version, happened));
            _events.Add(happened);
        }
        return decision;
    }

    private void Note(string column, string value, string what, string cure) => Notes.Add(new RowNote(column, RowReading.Shown(value), what, cure));
}
