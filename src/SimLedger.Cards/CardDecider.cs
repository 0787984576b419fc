using NodaTime;

namespace SimLedger.Cards;

/// <summary>
/// Decides commands on one card: facts, nothing, or a named refusal; it never throws for what people send.
/// Here: the card and its lines. Entries of lines are in CardDecider.Entries.cs.
/// </summary>
/// <remarks>
/// Values are checked before the card is looked at, so that a malformed command is told so whatever the card. Commands that set a
/// state repeat silently; payments add up and are told apart by their order numbers.
/// </remarks>
public static partial class CardDecider
{
    /// <summary>Products with several numbers on one card have a handful; a list longer than this is several cards in one row.</summary>
    public const int MostLines = 8;

    /// <summary>The first SIM cards were sold in 1991; an earlier date is a slip of the pen.</summary>
    public const int EarliestYear = 1990;

    internal static readonly LocalDate EarliestDate = new(EarliestYear, 1, 1);

    public static Decision Decide(Card card, CardCommand command, Circumstances around) => command switch
    {
        CardCommand.Register c => Register(card, c, around),
        CardCommand.AttachLine c => AttachLine(card, c, around),
        CardCommand.Activate c => Activate(card, c, around),
        CardCommand.TopUp c => TopUp(card, c, around),
        CardCommand.Renew c => Renew(card, c, around),
        CardCommand.StateExpiry c => StateExpiry(card, c, around),
        CardCommand.ObserveBalance c => ObserveBalance(card, c, around),
        CardCommand.Void c => Void(card, c, around),
        CardCommand.Describe c => Describe(card, c),
        CardCommand.AssignPeople c => AssignPeople(card, c),
        CardCommand.WriteNotes c => WriteNotes(card, c),
        _ => throw new InvalidOperationException($"No decision on {command.GetType().Name}."),
    };

    public static Decision Register(Card card, CardCommand.Register command, Circumstances around)
    {
        var (iccid, eid, lines) = (Given(command.Iccid), Given(command.Eid), command.Lines);

        var checks = new ValueChecks()
            .Text("/carrier", command.Carrier, FreeText.Carrier)
            .Known("/formFactor", command.FormFactor)
            .Add("/iccid", iccid is null ? null : Iccid.Check(iccid))
            .Add("/eid", eid is null ? null : Eid.Check(eid))
            .Add("/lines", lines.Count > 0 ? null : new("lines-missing", "The card has no line.", "Send one line at least; its members may be left out."))
            .Text("/notes", command.Notes, FreeText.Notes);
        for (var index = 0; index < Math.Min(lines.Count, MostLines); index++) checks.Line($"/lines/{index}", lines[index]);
        CheckDescription(checks, command.Description);
        CheckPeople(checks, command.People);

        if (checks.Refused is { } malformed) return malformed;
        if (card.IsRegistered) return Decision.Refuse(Refusal.CardAlreadyRegistered, "A card is registered once.");
        if (iccid is null && eid is null && lines.All(line => Given(line.Number) is null))
            return Decision.Refuse(Refusal.IdentifierMissing, "The card has neither a number nor an ICCID nor an EID.");

        List<CardEvent> events = [new CardEvent.CardRegistered(Given(command.Carrier), command.FormFactor, iccid, eid)];
        List<NewLine> before = [];
        for (var index = 0; index < lines.Count; index++)
        {
            if (CannotAttach(before, lines[index], $"/lines/{index}", around) is { } refused) return refused;

            events.AddRange(Attached(lines[index]));
            before.Add(lines[index]);
        }

        return Decision.Record([.. events, .. Described(card, command.Description), .. Assigned(card, command.People), .. Written(card, command.Notes ?? "")]);
    }

    public static Decision AttachLine(Card card, CardCommand.AttachLine command, Circumstances around)
    {
        var line = command.Line;

        if (new ValueChecks().Line("", line).Refused is { } malformed) return malformed;
        if (!card.IsRegistered) return NotRegistered;

        List<NewLine> attached = [.. card.Lines.Select(AsAttached)];
        if (attached.Contains(AsSent(line))) return Decision.Nothing;

        return CannotAttach(attached, line, "", around) is { } refused ? refused : Decision.Record([.. Attached(line)]);
    }

    /// <summary>Records only what differs from what stands.</summary>
    public static Decision Describe(Card card, CardCommand.Describe command)
    {
        var checks = new ValueChecks();
        CheckDescription(checks, command);

        if (checks.Refused is { } malformed) return malformed;
        if (!card.IsRegistered) return NotRegistered;
        if (command is { Purpose: null, Importance: null, Location: null, Tags: null })
            return Decision.Refuse(Refusal.NothingToRecord, "No member of the description was sent.");

        return Decision.Record([.. Described(card, command)]);
    }

    /// <summary>Records only what differs from what stands.</summary>
    public static Decision AssignPeople(Card card, CardCommand.AssignPeople command)
    {
        var checks = new ValueChecks();
        CheckPeople(checks, command);

        if (checks.Refused is { } malformed) return malformed;
        if (!card.IsRegistered) return NotRegistered;
        if (command is { Owner: null, Custodian: null }) return Decision.Refuse(Refusal.NothingToRecord, "Neither owner nor custodian was sent.");

        return Decision.Record([.. Assigned(card, command)]);
    }

    public static Decision WriteNotes(Card card, CardCommand.WriteNotes command)
    {
        if (new ValueChecks().Text("/notes", command.Notes, FreeText.Notes).Refused is { } malformed) return malformed;
        if (!card.IsRegistered) return NotRegistered;
        if (command.Notes is null) return Decision.Refuse(Refusal.NothingToRecord, "No notes were sent.");

        return Decision.Record([.. Written(card, command.Notes)]);
    }

    private static Decision.Refused NotRegistered => Decision.Refuse(Refusal.CardNotRegistered, "No card is registered under this id.");

    /// <summary>Blank texts count as not sent.</summary>
    private static string? Given(string? text) => string.IsNullOrWhiteSpace(text) ? null : text;

    private static void CheckDescription(ValueChecks checks, CardCommand.Describe command) => checks
        .Text("/purpose", command.Purpose, FreeText.Purpose)
        .Known("/importance", command.Importance)
        .Text("/location", command.Location, FreeText.Location)
        .Tags(command.Tags);

    private static void CheckPeople(ValueChecks checks, CardCommand.AssignPeople command) => checks
        .Text("/owner", command.Owner, FreeText.Person)
        .Text("/custodian", command.Custodian, FreeText.Person);

    private static Decision.Refused? CannotAttach(List<NewLine> before, NewLine line, string member, Circumstances around)
    {
        if (before.Exists(other => other.LineId == line.LineId))
            return Decision.Refuse(Refusal.LineAlreadyAttached, $"Line {line.LineId} is on the card already.");
        if (before.Count >= MostLines) return Decision.Refuse(Refusal.TooManyLines, $"The card would have more than {MostLines} lines.");
        if (Given(line.Number) is { } number && before.Exists(other => other.Number == number))
            return Decision.Refuse(Refusal.NumberOnTwoLines, "Another line of the card has the same number.");

        return line.ActivatedOn is { } date ? NotADayToRecord(date, $"{member}/activatedOn", around) : null;
    }

    private static NewLine AsSent(NewLine line) =>
        line with { Number = Given(line.Number), Product = Given(line.Product), Region = Given(line.Region) };

    private static NewLine AsAttached(Line line) =>
        new(line.Id) { Number = line.Number, Product = line.Product, Region = line.Region, ActivatedOn = line.ActivatedOn };

    private static IEnumerable<CardEvent> Attached(NewLine line)
    {
        yield return new CardEvent.LineAttached(line.LineId, Given(line.Product), Given(line.Region), line.ActivatedOn);
        if (Given(line.Number) is { } number) yield return new CardEvent.NumberAssigned(line.LineId, number);
    }

    private static IEnumerable<CardEvent> Described(Card card, CardCommand.Describe command)
    {
        var changes = new CardEvent.CardDescribed
        {
            Purpose = Changed(card.Purpose, command.Purpose),
            Importance = command.Importance == card.Importance ? null : command.Importance,
            Location = Changed(card.Location, command.Location),
            // Tags have no order: the same ones in another order are no change.
            Tags = command.Tags is { } tags && !card.Tags.ToHashSet().SetEquals(tags) ? [.. tags.Distinct()] : null,
        };
        if (changes != new CardEvent.CardDescribed()) yield return changes;
    }

    private static IEnumerable<CardEvent> Assigned(Card card, CardCommand.AssignPeople command)
    {
        var changes = new CardEvent.PeopleAssigned { Owner = Changed(card.Owner, command.Owner), Custodian = Changed(card.Custodian, command.Custodian) };
        if (changes != new CardEvent.PeopleAssigned()) yield return changes;
    }

    private static IEnumerable<CardEvent> Written(Card card, string notes)
    {
        if (Changed(card.Notes, notes) is { } changed) yield return new CardEvent.NotesWritten(changed);
    }

    /// <summary>The text to record, blanks as an empty one; null when it was not sent or stands already.</summary>
    private static string? Changed(string stands, string? sent)
    {
        if (sent is null) return null;

        var text = Given(sent) ?? "";
        return text == stands ? null : text;
    }
}
