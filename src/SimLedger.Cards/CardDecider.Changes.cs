using SimLedger.Rules;

namespace SimLedger.Cards;

/// <summary>Changes of state of the card and its lines: each holds from its time on, and repeats silently where it held then already.</summary>
public static partial class CardDecider
{
    public static Decision Change(Card card, CardCommand.Change command, Circumstances around)
    {
        var at = command.At ?? EntryTime.At(around.Now);

        if (Check(command, at, around).Refused is { } malformed) return malformed;
        if (!card.IsRegistered) return NotRegistered;
        if (NotATimeToRecord(at, around) is { } notThen) return notThen;

        var then = card.AsOf(at.ToInstant(around.Zone));
        if (then.IsRetired && NeedsALiveCard(command)) return Retired;

        var (changes, refused) = Changes(then, command, around);
        return refused ?? Settled(card, [.. changes.Select(change => change with
        {
            At = InZone(at, around),
            OrderNumber = Given(command.OrderNumber),
            Channel = Given(command.Channel),
            Source = Given(command.Source),
        })]);
    }

    private static Decision.Refused Retired => Decision.Refuse(Refusal.CardIsRetired, "The organisation keeps this card no more.");

    /// <summary>People and texts of a retired card may still be put right, and its SIM may still be found.</summary>
    private static bool NeedsALiveCard(CardCommand.Change command) => command is not (
        CardCommand.Retire or CardCommand.Reopen or CardCommand.Return or CardCommand.ReportSim or
        CardCommand.Describe or CardCommand.AssignPeople or CardCommand.WriteNotes or CardCommand.Amend);

    private static ValueChecks Check(CardCommand.Change command, EntryTime at, Circumstances around)
    {
        var checks = new ValueChecks().At(at)
            .Text("/orderNumber", command.OrderNumber, FreeText.OrderNumber)
            .Text("/channel", command.Channel, FreeText.Channel)
            .Text("/source", command.Source, FreeText.Source);
        switch (command)
        {
            case CardCommand.ChangeNumber c:
                return checks.Add("/number", PhoneNumber.Check(c.Number, around.Country));
            case CardCommand.ReplaceSim c:
                return checks.Add("/iccid", Iccid.Check(c.Iccid)).Add("/eid", Given(c.Eid) is { } eid ? Eid.Check(eid) : null).Known("/formFactor", c.FormFactor);
            case CardCommand.ReportSim c:
                return checks.Known<SimCondition>("/condition", c.Condition);
            case CardCommand.ChangeDevice c:
                return checks.Text("/device", c.Device, FreeText.Device).Add("/imei", Given(c.Imei) is { } imei ? Imei.Check(imei) : null);
            case CardCommand.ChangePlan c:
                return checks.Text("/plan", c.Plan, FreeText.Plan);
            case CardCommand.ChangeProduct c:
                return checks.NeededText("/product", c.Product, FreeText.Product).Text("/region", c.Region, FreeText.Region);
            case CardCommand.IdentifyCarrier c:
                return checks.NeededText("/carrier", c.Carrier, FreeText.Carrier);
            case CardCommand.SwitchCarrier c:
                return checks.NeededText("/carrier", c.Carrier, FreeText.Carrier).Text("/product", c.Product, FreeText.Product);
            case CardCommand.Issue c:
                return checks.NeededText("/holder", c.Holder, FreeText.Person).Text("/document", c.Document, FreeText.Document).Text("/contact", c.Contact, FreeText.Contact);
            case CardCommand.Amend c:
                CheckDescription(checks, c.Description);
                CheckPeople(checks, c.People);
                return checks.Text("/notes", c.Notes, FreeText.Notes);
            case CardCommand.Describe c:
                CheckDescription(checks, c);
                return checks;
            case CardCommand.AssignPeople c:
                CheckPeople(checks, c);
                return checks;
            case CardCommand.WriteNotes c:
                return checks.Text("/notes", c.Notes, FreeText.Notes);
            default:
                return checks;
        }
    }

    /// <summary>What differs from how the card was then.</summary>
    private static (IEnumerable<CardEvent.Change> Changes, Decision.Refused? Refused) Changes(Card then, CardCommand.Change command, Circumstances around) => command switch
    {
        CardCommand.ChangeNumber c => OfLine(then, c.LineId, line => Unless(
            PhoneNumber.ToE164(c.Number, around.Country) == line.Number, new CardEvent.NumberAssigned(line.Id, PhoneNumber.ToE164(c.Number, around.Country)))),
        CardCommand.ChangePlan c => OfLine(then, c.LineId, line => Unless((Given(c.Plan) ?? "") == line.Plan, new CardEvent.PlanChanged(line.Id, Given(c.Plan) ?? ""))),
        CardCommand.ChangeProduct c => OfLine(then, c.LineId, line => Unless(
            c.Product == line.Product && (Given(c.Region) is null || c.Region == line.Region), new CardEvent.ProductChanged(line.Id, c.Product, Given(c.Region)))),
        CardCommand.DetachLine c when then.FindLine(c.LineId) is { IsDetached: true } => ([], null),
        CardCommand.DetachLine c => OfLine(then, c.LineId, line => [new CardEvent.LineDetached(line.Id)]),
        CardCommand.ReplaceSim c => (Unless(
            c.Iccid == then.Iccid && Given(c.Eid) == then.Eid && (c.FormFactor is null || c.FormFactor == then.FormFactor),
            new CardEvent.SimReplaced(c.Iccid, Given(c.Eid), c.FormFactor)), null),
        CardCommand.ReportSim c => (Unless(c.Condition == then.SimCondition, new CardEvent.SimConditionReported(c.Condition)), null),
        CardCommand.ChangeDevice c => (Unless(
            (Given(c.Device) ?? "") == then.Device && Given(c.Imei) == then.Imei, new CardEvent.DeviceAssigned(Given(c.Device) ?? "", Given(c.Imei))), null),
        CardCommand.IdentifyCarrier c => (Unless(c.Carrier == then.Carrier, new CardEvent.CarrierIdentified(c.Carrier)), null),
        CardCommand.SwitchCarrier c => (Unless(c.Carrier == then.Carrier, new CardEvent.CarrierSwitched(c.Carrier, Given(c.Product))), null),
        CardCommand.Issue c => (Unless(
            then.Issued is { } held && (held.Holder, held.Document, held.Contact) == (c.Holder, Given(c.Document), Given(c.Contact)),
            new CardEvent.CardIssued(c.Holder, Given(c.Document), Given(c.Contact))), null),
        CardCommand.Return => (Unless(then.Issued is null, new CardEvent.CardReturned()), null),
        CardCommand.Retire => (Unless(then.IsRetired, new CardEvent.CardRetired()), null),
        CardCommand.Reopen => (Unless(!then.IsRetired, new CardEvent.CardReopened()), null),
        CardCommand.Amend { Notes: null, Description: var d, People: var p } when IsEmpty(d) && IsEmpty(p) => ([], NothingSent),
        CardCommand.Amend c => (Amended(then, c), null),
        CardCommand.Describe c => IsEmpty(c) ? ([], NothingSent) : (Described(then, c), null),
        CardCommand.AssignPeople c => IsEmpty(c) ? ([], NothingSent) : (Assigned(then, c), null),
        CardCommand.WriteNotes { Notes: null } => ([], NothingSent),
        CardCommand.WriteNotes c => (Written(then, c.Notes), null),
        _ => throw new InvalidOperationException($"No decision on {command.GetType().Name}."),
    };

    private static Decision.Refused NothingSent => Decision.Refuse(Refusal.NothingToRecord, "No member was sent that says what to change.");

    private static CardEvent.Change[] Unless(bool stands, CardEvent.Change change) => stands ? [] : [change];

    private static (IEnumerable<CardEvent.Change>, Decision.Refused?) OfLine(Card then, Guid? lineId, Func<Line, CardEvent.Change[]> changes) =>
        NoLine(then, lineId) is { } refused ? ([], refused) : (changes(then.FindLine(lineId)!), null);

    /// <summary>Why nothing can be recorded of the line as of then.</summary>
    private static Decision.Refused? NoLine(Card then, Guid? lineId) => then.FindLine(lineId) switch
    {
        null when lineId is null => Decision.Refuse(Refusal.LineNotNamed, $"The card has {then.Lines.Count(line => !line.IsDetached)} lines."),
        null => Decision.Refuse(Refusal.LineUnknown, $"Line {lineId} is not on the card."),
        { IsDetached: true } line => Decision.Refuse(Refusal.LineIsDetached, $"Line {line.Id} had left the card."),
        _ => null,
    };

    /// <summary>Records changes, unless the card would carry one number twice after them.</summary>
    private static Decision Settled(Card card, IReadOnlyList<CardEvent> events)
    {
        var version = card.Version;
        var after = events.Aggregate(card, (so, happened) => Card.Evolve(so, new RecordedFact(Guid.Empty, ++version, happened)));
        var numbers = after.Lines.Where(line => !line.IsDetached && line.Number is not null).Select(line => line.Number).ToList();

        return numbers.Distinct().Count() < numbers.Count
            ? Decision.Refuse(Refusal.NumberOnTwoLines, "Another line of the card has the same number.")
            : Decision.Record(events);
    }

    /// <summary>
    /// An instant with the offset of the carrier's zone, a date as its start there: changes are put in order, and the zone in which a date was
    /// meant may itself change with the carrier.
    /// </summary>
    private static EntryTime InZone(EntryTime at, Circumstances around) => EntryTime.At(at.ToInstant(around.Zone).InZone(around.Zone).ToOffsetDateTime());

    private static bool IsEmpty(CardCommand.Describe command) => command is { Purpose: null, Importance: null, Location: null, Tags: null };

    private static bool IsEmpty(CardCommand.AssignPeople command) => command is { Owner: null, Custodian: null };

    private static void CheckDescription(ValueChecks checks, CardCommand.Describe command) => checks
        .Text("/purpose", command.Purpose, FreeText.Purpose)
        .Known("/importance", command.Importance)
        .Text("/location", command.Location, FreeText.Location)
        .Tags(command.Tags);

    private static void CheckPeople(ValueChecks checks, CardCommand.AssignPeople command) => checks
        .Text("/owner", command.Owner, FreeText.Person)
        .Text("/custodian", command.Custodian, FreeText.Person);

    private static IEnumerable<CardEvent.Change> Amended(Card then, CardCommand.Amend command) =>
        [.. Described(then, command.Description), .. Assigned(then, command.People), .. command.Notes is { } notes ? Written(then, notes) : []];

    private static IEnumerable<CardEvent.Change> Described(Card then, CardCommand.Describe command)
    {
        var changes = new CardEvent.CardDescribed
        {
            Purpose = Changed(then.Purpose, command.Purpose),
            Importance = command.Importance == then.Importance ? null : command.Importance,
            Location = Changed(then.Location, command.Location),
            // Tags have no order: the same ones in another order are no change.
            Tags = command.Tags is { } tags && !then.Tags.ToHashSet().SetEquals(tags) ? [.. tags.Distinct()] : null,
        };
        if (changes != new CardEvent.CardDescribed()) yield return changes;
    }

    private static IEnumerable<CardEvent.Change> Assigned(Card then, CardCommand.AssignPeople command)
    {
        var changes = new CardEvent.PeopleAssigned { Owner = Changed(then.Owner, command.Owner), Custodian = Changed(then.Custodian, command.Custodian) };
        if (changes != new CardEvent.PeopleAssigned()) yield return changes;
    }

    private static IEnumerable<CardEvent.Change> Written(Card then, string notes)
    {
        if (Changed(then.Notes, notes) is { } changed) yield return new CardEvent.NotesWritten(changed);
    }

    /// <summary>The text to record, blanks as an empty one; null when it was not sent or stood already.</summary>
    private static string? Changed(string stood, string? sent)
    {
        if (sent is null) return null;

        var text = Given(sent) ?? "";
        return text == stood ? null : text;
    }
}
