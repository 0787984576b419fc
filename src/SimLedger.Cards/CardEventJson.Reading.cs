using System.Globalization;
using System.Text.Json;
using NodaTime;
using NodaTime.Text;
using SimLedger.Rules;

namespace SimLedger.Cards;

public static partial class CardEventJson
{
    /// <summary>Reads what any version of the program wrote. Members it does not know are a newer program's and are passed over.</summary>
    /// <exception cref="InvalidDataException">A type or value that no program up to this one wrote, or a member is missing: a bug.</exception>
    public static CardEvent Read(string type, ReadOnlySpan<byte> utf8)
    {
        var reader = new Utf8JsonReader(utf8);
        using var document = JsonDocument.ParseValue(ref reader);
        var data = new Members(document.RootElement);

        return type switch
        {
            "CardRegistered" => new CardEvent.CardRegistered(
                data.Text("carrier"), ReadFormFactor(data.Text("formFactor")), data.Text("iccid"), data.Text("eid")),
            "LineAttached" => new CardEvent.LineAttached(data.Id("lineId"), data.Text("product"), data.Text("region"), data.Date("activatedOn")),
            "NumberAssigned" => ReadChange(data, new CardEvent.NumberAssigned(data.Id("lineId"), data.Needed("number"))),
            "SimReplaced" => ReadChange(data, new CardEvent.SimReplaced(data.Needed("iccid"), data.Text("eid"), ReadFormFactor(data.Text("formFactor")))),
            "SimConditionReported" => ReadChange(data, new CardEvent.SimConditionReported(ReadCondition(data.Needed("condition")))),
            "DeviceAssigned" => ReadChange(data, new CardEvent.DeviceAssigned(data.Needed("device"), data.Text("imei"))),
            "PlanChanged" => ReadChange(data, new CardEvent.PlanChanged(data.Id("lineId"), data.Needed("plan"))),
            "ProductChanged" => ReadChange(data, new CardEvent.ProductChanged(data.Id("lineId"), data.Needed("product"), data.Text("region"))),
            "CarrierIdentified" => ReadChange(data, new CardEvent.CarrierIdentified(data.Needed("carrier"))),
            "CarrierSwitched" => ReadChange(data, new CardEvent.CarrierSwitched(data.Needed("carrier"), data.Text("product"))),
            "LineDetached" => ReadChange(data, new CardEvent.LineDetached(data.Id("lineId"))),
            "CardIssued" => ReadChange(data, new CardEvent.CardIssued(data.Needed("holder"), data.Text("document"), data.Text("contact"))),
            "CardReturned" => ReadChange(data, new CardEvent.CardReturned()),
            "CardRetired" => ReadChange(data, new CardEvent.CardRetired()),
            "CardReopened" => ReadChange(data, new CardEvent.CardReopened()),
            "Activated" => ReadEntry(data, new CardEvent.Activated(data.Id("lineId"), data.At())),
            "ToppedUp" => ReadPayment(data, new CardEvent.ToppedUp(data.Id("lineId"), data.At(), data.NeededAmount("amount"), data.Needed("currency"))
            {
                PricePaid = data.Object("pricePaid") is { } paid ? new Money(paid.NeededAmount("amount"), paid.Needed("currency")) : null,
                BalanceAfter = data.Amount("balanceAfter"),
            }),
            "Renewed" => ReadPayment(data, new CardEvent.Renewed(data.Id("lineId"), data.At())
            {
                Amount = data.Amount("amount"),
                Currency = data.Text("currency"),
            }),
            "CarrierStatedExpiry" => ReadEntry(data, new CardEvent.CarrierStatedExpiry(data.Id("lineId"), data.At(), data.NeededDate("endsOn"))
            {
                Clock = data.Text("clock"),
            }),
            "BalanceObserved" => ReadEntry(
                data, new CardEvent.BalanceObserved(data.Id("lineId"), data.At(), data.NeededAmount("amount"), data.Needed("currency"))),
            "UsageRecorded" => ReadEntry(data, new CardEvent.UsageRecorded(data.Id("lineId"), data.At(), ReadUsageKind(data.Needed("kind")))
            {
                Direction = ReadDirection(data.Text("direction")),
                Chargeable = data.YesOrNo("chargeable"),
                Cost = data.Object("cost") is { } cost ? new Money(cost.NeededAmount("amount"), cost.Needed("currency")) : null,
                Roaming = data.YesOrNo("roaming"),
            }),
            "IdentityRegistered" => ReadEntry(data, new CardEvent.IdentityRegistered(data.Id("lineId"), data.At(), data.Text("method"))),
            "StatusChecked" => ReadEntry(data, new CardEvent.StatusChecked(data.Id("lineId"), data.At(), ReadStage(data.Text("state")), data.Text("observed"))),
            "EntryVoided" => new CardEvent.EntryVoided(data.Id("entry"), data.At()),
            "CardDescribed" => ReadChange(data, new CardEvent.CardDescribed
            {
                Purpose = data.Text("purpose"),
                Importance = ReadImportance(data.Text("importance")),
                Location = data.Text("location"),
                Tags = data.Texts("tags"),
            }),
            "PeopleAssigned" => ReadChange(data, new CardEvent.PeopleAssigned { Owner = data.Text("owner"), Custodian = data.Text("custodian") }),
            "NotesWritten" => ReadChange(data, new CardEvent.NotesWritten(data.Needed("notes"))),
            "Lapsed" => new CardEvent.Lapsed(data.Id("lineId"), data.Needed("clock"), data.Moment("deadlineAt")),
            "Lost" => new CardEvent.Lost(data.Id("lineId"), data.Needed("clock"), data.Moment("deadlineAt")),
            "LapseWithdrawn" => new CardEvent.LapseWithdrawn(data.Id("lineId"), data.Needed("clock"), data.Moment("deadlineAt")),
            "LossWithdrawn" => new CardEvent.LossWithdrawn(data.Id("lineId"), data.Needed("clock"), data.Moment("deadlineAt")),
            _ => throw new InvalidDataException($"No card event is called {type}."),
        };
    }

    private static TEntry ReadEntry<TEntry>(Members data, TEntry entry) where TEntry : CardEvent.LineEntry =>
        entry with { OrderNumber = data.Text("orderNumber"), Channel = data.Text("channel"), Source = data.Text("source") };

    private static TChange ReadChange<TChange>(Members data, TChange change) where TChange : CardEvent.Change =>
        change with { At = data.TimeIfAny(), OrderNumber = data.Text("orderNumber"), Channel = data.Text("channel"), Source = data.Text("source") };

    private static TPayment ReadPayment<TPayment>(Members data, TPayment payment) where TPayment : CardEvent.Payment =>
        ReadEntry(data, payment with
        {
            Offer = data.Text("offer"),
            Promotion = data.Text("promotion"),
            Period = data.Object("period") is { } period ? new Term(period.Number("n"), ReadUnit(period.Needed("unit"))) : null,
        });

    /// <summary>Members of one stored object; null means absent.</summary>
    private readonly record struct Members(JsonElement Element)
    {
        public string? Text(string name) => Element.TryGetProperty(name, out var member) ? member.GetString() : null;

        public string Needed(string name) => Text(name) ?? throw new InvalidDataException($"A stored event lacks its member {name}.");

        public IReadOnlyList<string>? Texts(string name) => Element.TryGetProperty(name, out var member)
            ? [.. member.EnumerateArray().Select(text => text.GetString() ?? throw new InvalidDataException($"A stored event has null among its {name}."))]
            : null;

        public Members? Object(string name) => Element.TryGetProperty(name, out var member) ? new Members(member) : null;

        public Guid Id(string name) => Guid.Parse(Needed(name), CultureInfo.InvariantCulture);

        public int Number(string name) =>
            Element.TryGetProperty(name, out var member) ? member.GetInt32() : throw new InvalidDataException($"A stored event lacks its member {name}.");

        public decimal? Amount(string name) => Text(name) is { } text
            ? decimal.Parse(text, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture)
            : null;

        public decimal NeededAmount(string name) => Amount(name) ?? throw new InvalidDataException($"A stored event lacks its member {name}.");

        public LocalDate? Date(string name) => Text(name) is { } text ? LocalDatePattern.Iso.Parse(text).GetValueOrThrow() : null;

        public LocalDate NeededDate(string name) => Date(name) ?? throw new InvalidDataException($"A stored event lacks its member {name}.");

        public bool? YesOrNo(string name) => Element.TryGetProperty(name, out var member) ? member.GetBoolean() : null;

        public Instant Moment(string name) => InstantPattern.ExtendedIso.Parse(Needed(name)).GetValueOrThrow();

        public EntryTime At() => TimeIfAny() ?? throw new InvalidDataException("A stored event lacks its member at.");

        /// <summary>Ten characters are a date, more are an instant.</summary>
        public EntryTime? TimeIfAny()
        {
            if (Text("at") is not { } text) return null;

            return text.Length == 10
                ? EntryTime.On(LocalDatePattern.Iso.Parse(text).GetValueOrThrow())
                : EntryTime.At(OffsetDateTimePattern.Rfc3339.Parse(text).GetValueOrThrow());
        }
    }
}
