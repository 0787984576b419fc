using System.Runtime.CompilerServices;
using FsCheck;
using FsCheck.Fluent;
using SimLedger.Cards;
using SimLedger.Rules;
using static SimLedger.Tests.Cards.CardSpec;
using static SimLedger.Tests.Cards.Example;

namespace SimLedger.Tests.Cards;

/// <summary>Laws that hold for any card and any command.</summary>
public class DecidingAnything
{
    private static readonly Circumstances Around = new(Now, Hongkong, "HKD");

    // Goal: a client may repeat any command at any time.
    // Method: grow a random card, decide a command, record it, decide it again: no new facts, payments without an order number apart.
    [Fact]
    public void Deciding_twice_is_deciding_once() => Check(
        Gen.Zip(ACard, ACommand.Where(command => command is not (CardCommand.TopUp { OrderNumber: null } or CardCommand.Renew { OrderNumber: null } or CardCommand.RecordUsage { OrderNumber: null }))),
        (card, command) =>
        {
            var after = Apply(card, command);
            return CardDecider.Decide(after, command, Around) is not Decision.Accepted { Events.Count: > 0 };
        });

    // Goal: what tells two equal payments apart is their order number, and without one both count.
    // Method: decide a payment on a random card twice, without and with another order number: always a new fact.
    [Fact]
    public void Payments_add_up() => Check(
        Gen.Zip(ACard, APayment),
        (card, payment) =>
        {
            if (CardDecider.Decide(card, payment, Around) is not Decision.Accepted { Events.Count: 1 }) return true;

            var after = Apply(card, payment);
            return CardDecider.Decide(after, WithOrder(payment, null), Around) is Decision.Accepted { Events.Count: 1, Warnings.Count: 1 }
                && CardDecider.Decide(after, WithOrder(payment, "another"), Around) is Decision.Accepted { Events.Count: 1 };
        });

    // Goal: whatever people send is answered; an exception would be a bug.
    // Method: decide a random command, sound or not, on a random card; what is accepted must fold, be stored, be reserved and be told.
    [Fact]
    public void Deciding_never_throws() => Check(
        Gen.Zip(ACard, ACommand),
        (card, command) => CardDecider.Decide(card, command, Around) switch
        {
            Decision.Accepted accepted => Tells(Recorded(card, accepted.Events)) && Holds(card, Recorded(card, accepted.Events)),
            Decision.Refused refused => refused.Detail.Length > 0 && (refused.Why != Refusal.InvalidValues || refused.Values.Count > 0),
            _ => false,
        });

    // Goal: what was stored is what was decided.
    // Method: decide random commands, write and read the events; equal, and the same bytes again.
    [Fact]
    public void Every_event_survives_storage() => Check(
        Gen.Zip(ACard, ACommand),
        (card, command) => CardDecider.Decide(card, command, Around) is not Decision.Accepted accepted || accepted.Events.All(happened =>
        {
            var (type, json) = CardEventJson.Write(happened);
            var read = CardEventJson.Read(type, json);
            return read == happened && CardEventJson.Write(read).Utf8Json.AsSpan().SequenceEqual(json);
        }));

    // Goal: a new event type is not forgotten. C# has no closed unions, so the compiler cannot say.
    // Method: an empty one of every type must be folded, told and stored.
    [Fact]
    public void Every_event_is_known_everywhere()
    {
        foreach (var type in StoredForm.EventTypes)
        {
            var happened = Blank(type);
            Assert.Equal(type.Name, CardEventJson.Write(happened).Type);
            Assert.True(Tells(Recorded(Given(OneLine(new CardEvent.Activated(First, Yesterday))).Card, [happened])), type.Name);
        }
    }

    private static CardEvent Blank(Type type) => (CardEvent)RuntimeHelpers.GetUninitializedObject(type) switch
    {
        CardEvent.NumberAssigned e => e with { LineId = First },
        CardEvent.PlanChanged e => e with { LineId = First },
        CardEvent.ProductChanged e => e with { LineId = First },
        CardEvent.LineDetached e => e with { LineId = First },
        CardEvent.Note e => e with { LineId = First },
        CardEvent.LineEntry e => e with { LineId = First },
        CardEvent.EntryVoided e => e with { Entry = Id(4) },
        var e => e,
    };

    private static bool Tells(Card card) => card.Lines.All(line => History.Of(card, line, Hongkong).Count <= line.Facts.Count);

    /// <summary>No name is taken twice, and none is given back that was not held.</summary>
    private static bool Holds(Card before, Card after)
    {
        var (from, to) = (Reservations.Of(Card.Initial, before).Taken, Reservations.Of(Card.Initial, after).Taken);
        var moved = Reservations.Of(before, after);
        return to.Distinct().Count() == to.Count && from.Except(moved.GivenBack).Concat(moved.Taken).ToHashSet().SetEquals(to);
    }

    private static Card Apply(Card card, CardCommand command) =>
        CardDecider.Decide(card, command, Around) is Decision.Accepted(var events, _, _) ? Recorded(card, events) : card;

    private static CardCommand WithOrder(CardCommand payment, string? order) => payment switch
    {
        CardCommand.TopUp topUp => topUp with { OrderNumber = order },
        CardCommand.Renew renewal => renewal with { OrderNumber = order },
        _ => payment,
    };

    private static void Check<T, U>(Gen<(T, U)> inputs, Func<T, U, bool> law) =>
        Prop.ForAll(inputs.ToArbitrary(), input => law(input.Item1, input.Item2)).Check(Config.QuickThrowOnFailure.WithMaxTest(1000));

    // Few values, so that commands meet; now and then an odd one.
    private static Gen<T> Of<T>(params T[] values) => Gen.Elements(values);

    private static Gen<T> Mostly<T>(Gen<T> sound, params T[] odd) => Gen.Frequency((19, sound), (1, Gen.Elements(odd)));

    private static Gen<string?> AText => Mostly(
        Of<string?>(null, null, "", " ", "app", "保号卡 𠮷", "\"<&>\\\n\u2028"),
        "\0", "\ud800", "a\udfff", new string('x', 201));

    private static Gen<EntryTime> ATime => Mostly(
        Of(Today, Yesterday, Yesterday, At("2026-11-20T16:00:00Z"), At("2026-11-21T09:30:00.123456789+08:00"), At("2026-11-21T18:03:00Z"), On("1990-01-01")),
        default, On("2026-11-23"), On("9999-12-31"), On("0001-01-01"), At("9999-12-31T23:59:59-18:00"), At("0001-01-01T00:00:00+18:00"));

    private static Gen<decimal> AnAmount => Mostly(
        Of(1m, 12.50m, 12.5m, 9_999_999_999_999.999999m), 0m, -0.00m, -3.2m, 1.0000000m, decimal.MaxValue, decimal.MinValue);

    private static Gen<string?> ACurrency => Mostly(Of<string?>(null, "HKD", "CNY"), "", "hkd");

    private static Gen<Guid?> ALine => Mostly(Of<Guid?>(First, Second), null, Guid.Empty);

    private static Gen<Term?> APeriod => Mostly(
        Of<Term?>(null, new Term(1, TermUnit.Year)), new Term(int.MaxValue, TermUnit.Month), new Term(-1, TermUnit.Day), new Term(1, (TermUnit)9));

    private static Gen<string?> AnOrder => Of<string?>(null, "A-1", "A-2");

    private static Gen<NewLine> ANewLine =>
        from id in Mostly(Of(First, Second, Id(1), Id(2), Id(3)), Guid.Empty)
        from number in Mostly(Of(null, "", "+85200000003", "+85200000004", "+85200000005"), "+0", "12", "\ud800")
        from product in AText
        from activatedOn in ATime
        select new NewLine(id) { Number = number, Product = product, Region = product, ActivatedOn = activatedOn.Date };

    private static Gen<CardCommand> APayment => Gen.OneOf(
        from line in ALine
        from at in ATime
        from amount in AnAmount
        from currency in ACurrency
        from text in AText
        from period in APeriod
        from order in AnOrder
        select (CardCommand)new CardCommand.TopUp(line, at, amount, currency)
        {
            PricePaid = currency is null ? null : new(amount, currency),
            BalanceAfter = -amount,
            Offer = text,
            Period = period,
            OrderNumber = order,
            Source = text,
        },
        from line in ALine
        from at in ATime
        from amount in AnAmount
        from currency in ACurrency
        from text in AText
        from period in APeriod
        from order in AnOrder
        select (CardCommand)new CardCommand.Renew(line, at)
        {
            Amount = currency is null ? null : amount,
            Currency = currency,
            Promotion = text,
            Period = period,
            OrderNumber = order,
            Channel = text,
        });

    private static Gen<CardCommand> AStatement =>
        from line in ALine
        from at in ATime
        from endsOn in Mostly(Of(Date("2027-05-01"), Date("2027-06-01")), Date("0001-01-01"), Date("9999-12-31"))
        from amount in AnAmount
        from currency in ACurrency
        from text in AText
        from command in Of<CardCommand>(
            new CardCommand.Activate(line, at) { Channel = text },
            new CardCommand.StateExpiry(line, at, endsOn) { Clock = text },
            new CardCommand.ObserveBalance(line, at, amount, currency) { Source = text })
        select command;

    private static Gen<CardCommand> AUse =>
        from line in ALine
        from at in ATime
        from text in AText
        from order in AnOrder
        from kind in Mostly(Of(UsageKind.Sms, UsageKind.Call), (UsageKind)9)
        from amount in AnAmount
        from state in Mostly(Of<Stage?>(null, Stage.Active, Stage.Suspended), (Stage)99)
        from command in Of<CardCommand>(
            new CardCommand.RecordUsage(line, at, kind) { OrderNumber = order, Cost = order is null ? null : new(amount, "HKD"), Channel = text },
            new CardCommand.RegisterIdentity(line, at) { Method = text, OrderNumber = order },
            new CardCommand.CheckStatus(line, at) { State = state, Observed = text, Balance = order is null ? null : amount, EndsOn = at.Date, Channel = text })
        select command;

    private static Gen<CardCommand> AChange =>
        from line in ALine
        from time in ATime
        from now in Of(true, false)
        from text in AText
        from number in Mostly(Of("+85200000003", "+85200000004", "5123 4567"), "", "12")
        from iccid in Mostly(Of("8985200000000000036", "8985200000000000044"), "", "89")
        from carrier in Mostly(Of("hk-cmhk", "ph-tm"), " ")
        from condition in Mostly(Of(SimCondition.Lost, SimCondition.InOrder), (SimCondition)7)
        from command in Of<CardCommand.Change>(
            new CardCommand.ChangeNumber(line, number),
            new CardCommand.ReplaceSim(iccid) { Eid = text },
            new CardCommand.ReportSim(condition),
            new CardCommand.ChangeDevice(text ?? "") { Imei = text },
            new CardCommand.ChangePlan(line, text ?? ""),
            new CardCommand.ChangeProduct(line, carrier) { Region = text },
            new CardCommand.IdentifyCarrier(carrier),
            new CardCommand.SwitchCarrier(carrier) { Product = text },
            new CardCommand.DetachLine(line),
            new CardCommand.Issue(carrier) { Document = text },
            new CardCommand.Return(),
            new CardCommand.Retire(),
            new CardCommand.Reopen(),
            new CardCommand.Amend(new() { Purpose = text }, new() { Owner = text }, text))
        select (CardCommand)(command with { At = now ? null : time, Channel = text });

    private static Gen<CardCommand> ADescription =>
        from text in AText
        from other in AText
        from importance in Mostly(Of<Importance?>(null, Importance.Normal, Importance.High), (Importance)9)
        from tags in Mostly(Of<string[]?>(null, [], ["a"], ["b", "a"], ["a", "b", "b"]), [null!], ["\ud800"])
        from command in Of<CardCommand>(
            new CardCommand.Describe { Purpose = text, Location = other, Importance = importance, Tags = tags },
            new CardCommand.AssignPeople { Owner = text, Custodian = other },
            new CardCommand.WriteNotes(text!))
        select command;

    private static Gen<CardCommand> ARegistration =>
        from lines in ANewLine.ListOf()
        from carrier in AText
        from iccid in Mostly(Of(null, "", "8985200000000000036"), "8985")
        from eid in Mostly(Of(null, " ", "89049032000000000000000000000066"), "x")
        select (CardCommand)new CardCommand.Register([.. lines]) { Carrier = carrier, Iccid = iccid, Eid = eid, Notes = carrier };

    private static Gen<CardCommand> AVoid =>
        from version in Gen.Choose(3, 10)
        from at in ATime
        from now in Of(true, false)
        select (CardCommand)new CardCommand.Void(Id(version), now ? null : at);

    private static Gen<CardCommand> ACommand => Gen.Frequency(
        (4, APayment),
        (4, AStatement),
        (2, AVoid),
        (2, ADescription),
        (3, AUse),
        (6, AChange),
        (1, ANewLine.Select(line => (CardCommand)new CardCommand.AttachLine(line))),
        (1, ARegistration));

    private static Gen<Card> ACard => Gen.Frequency(
        (1, Of(Card.Initial)),
        (9, from lines in Of(OneLine(), OneLine(SecondLine))
            from commands in ACommand.ListOf()
            select commands.Aggregate(Recorded(Card.Initial, lines), Apply)));
}
