using NodaTime;

namespace SimLedger.Cards;

/// <summary>
/// Decides commands on one card: facts, nothing, or a named refusal; it never throws for what people send.
/// Here: the card and its lines. Entries of lines are in CardDecider.Entries.cs, changes of state in CardDecider.Changes.cs.
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
        CardCommand.RecordUsage c => RecordUsage(card, c, around),
        CardCommand.RegisterIdentity c => RegisterIdentity(card, c, around),
        CardCommand.CheckStatus c => CheckStatus(card, c, around),
        CardCommand.Change c => Change(card, c, around),
        _ => throw new InvalidOperationException($"No decision on {command.GetType().Name}."),
    };

    public static Decision Register(Card card, CardCommand.Register command, Circumstances around)
    {
        var (iccid, eid, lines) = (Given(command.Iccid), Given(command.Eid), command.Lines);
        List<CardEvent> events = [new CardEvent.CardRegistered(Given(command.Carrier), command.FormFactor, iccid, eid)];

        var checks = new ValueChecks()
            .Text("/carrier", command.Carrier, FreeText.Carrier)
            .Known("/formFactor", command.FormFactor)
            .Add("/iccid", iccid is null ? null : Iccid.Check(iccid))
            .Add("/eid", eid is null ? null : Eid.Check(eid))
            .Add("/lines", lines.Count > 0 ? null : new(ValueCode.LinesMissing, "The card has no line.", "Send one line at least; its members may be left out."))
            .Text("/notes", command.Notes, FreeText.Notes);
        for (var index = 0; index < Math.Min(lines.Count, MostLines); index++) checks.Line($"/lines/{index}", lines[index], around.Country);
        CheckDescription(checks, command.Description);
        CheckPeople(checks, command.People);

        if (checks.Refused is { } malformed) return malformed;
        if (card.IsRegistered) return Decision.Refuse(Refusal.CardAlreadyRegistered, "A card is registered once.");
        if (iccid is null && eid is null && lines.All(line => Given(line.Number) is null))
            return Decision.Refuse(Refusal.IdentifierMissing, "The card has neither a number nor an ICCID nor an EID.");

        List<NewLine> before = [];
        for (var index = 0; index < lines.Count; index++)
        {
            var line = AsStored(lines[index], around);
            if (CannotAttach(before, line, $"/lines/{index}", around) is { } refused) return refused;

            events.AddRange(Attached(line));
            before.Add(line);
        }

        // Of the card since ever: nobody knew it before.
        return Decision.Record([.. events, .. Amended(card, new CardCommand.Amend(command.Description, command.People, command.Notes))]);
    }

    public static Decision AttachLine(Card card, CardCommand.AttachLine command, Circumstances around)
    {
        if (new ValueChecks().Line("", command.Line, around.Country).Refused is { } malformed) return malformed;
        if (!card.IsRegistered) return NotRegistered;

        var line = AsStored(command.Line, around);
        if (card.Lines.Any(known => !known.IsDetached && AsAttached(known) == line)) return Decision.Nothing;
        if (card.IsRetired) return Retired;
        if (card.FindLine(line.LineId) is not null)
            return Decision.Refuse(Refusal.LineAlreadyAttached, $"Line {line.LineId} is on the card already.");

        List<NewLine> attached = [.. card.Lines.Where(known => !known.IsDetached).Select(AsAttached)];
        return CannotAttach(attached, line, "", around) is { } refused ? refused : Decision.Record([.. Attached(line)]);
    }

    private static Decision.Refused NotRegistered => Decision.Refuse(Refusal.CardNotRegistered, "No card is registered under this id.");

    /// <summary>Blank texts count as not sent.</summary>
    private static string? Given(string? text) => string.IsNullOrWhiteSpace(text) ? null : text;

    private static Decision.Refused? CannotAttach(List<NewLine> before, NewLine line, string member, Circumstances around)
    {
        if (before.Exists(other => other.LineId == line.LineId))
            return Decision.Refuse(Refusal.LineAlreadyAttached, $"Line {line.LineId} is on the card already.");
        if (before.Count >= MostLines) return Decision.Refuse(Refusal.TooManyLines, $"The card would have more than {MostLines} lines.");
        if (line.Number is { } number && before.Exists(other => other.Number == number))
            return Decision.Refuse(Refusal.NumberOnTwoLines, "Another line of the card has the same number.");

        return line.ActivatedOn is { } date ? NotADayToRecord(date, $"{member}/activatedOn", around) : null;
    }

    /// <summary>Blanks as nothing, the number in E.164; call after the values were checked.</summary>
    private static NewLine AsStored(NewLine line, Circumstances around) => line with
    {
        Number = Given(line.Number) is { } number ? PhoneNumber.ToE164(number, around.Country) : null,
        Product = Given(line.Product),
        Region = Given(line.Region),
    };

    private static NewLine AsAttached(Line line) =>
        new(line.Id) { Number = line.Number, Product = line.Product, Region = line.Region, ActivatedOn = line.ActivatedOn };

    private static IEnumerable<CardEvent> Attached(NewLine line)
    {
        yield return new CardEvent.LineAttached(line.LineId, line.Product, line.Region, line.ActivatedOn);
        if (line.Number is { } number) yield return new CardEvent.NumberAssigned(line.LineId, number);
    }
}
