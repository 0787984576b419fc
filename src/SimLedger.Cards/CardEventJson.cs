using System.Buffers;
using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using NodaTime;
using NodaTime.Text;
using SimLedger.Rules;

namespace SimLedger.Cards;

/// <summary>
/// The stored form of a card's events: compact JSON, members in the order written here, those without a value left out.
/// Type and member names are literals, so that renaming a C# name cannot change what is stored.
/// </summary>
/// <remarks>
/// One event gives the same bytes on every machine: the audit chain hashes them. Amounts are decimal texts with the places they
/// came with, dates are 2026-11-21, instants RFC 3339 with the offset they came with.
/// </remarks>
public static class CardEventJson
{
    /// <summary>Stored name of the fact that every card begins with, and nothing else does.</summary>
    public const string FirstType = "CardRegistered";

    /// <summary>Stored names of what we noted ourselves, as time brought it about.</summary>
    public static readonly IReadOnlySet<string> NoteTypes = new HashSet<string>(StringComparer.Ordinal) { "Lapsed", "Lost", "LapseWithdrawn", "LossWithdrawn" };

    // Readable Chinese in the table; nothing here is ever put into HTML unescaped.
    private static readonly JsonWriterOptions Compact = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static (string Type, byte[] Utf8Json) Write(CardEvent happened)
    {
        ArgumentNullException.ThrowIfNull(happened);

        var bytes = new ArrayBufferWriter<byte>(256);
        using var json = new Utf8JsonWriter(bytes, Compact);
        json.WriteStartObject();
        var type = WriteMembers(json, happened);
        json.WriteEndObject();
        json.Flush();

        return (type, bytes.WrittenSpan.ToArray());
    }

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

    private static string WriteMembers(Utf8JsonWriter json, CardEvent happened)
    {
        switch (happened)
        {
            case CardEvent.CardRegistered e:
                Text(json, "carrier", e.Carrier);
                Text(json, "formFactor", Name(e.FormFactor));
                Text(json, "iccid", e.Iccid);
                Text(json, "eid", e.Eid);
                return "CardRegistered";
            case CardEvent.LineAttached e:
                json.WriteString("lineId", e.LineId);
                Text(json, "product", e.Product);
                Text(json, "region", e.Region);
                Date(json, "activatedOn", e.ActivatedOn);
                return "LineAttached";
            case CardEvent.Change e:
                return WriteChange(json, e);
            case CardEvent.LineEntry e:
                return WriteEntry(json, e);
            case CardEvent.EntryVoided e:
                json.WriteString("entry", e.Entry);
                At(json, e.At);
                return "EntryVoided";
            case CardEvent.Note e:
                json.WriteString("lineId", e.LineId);
                Text(json, "clock", e.Clock);
                Text(json, "deadlineAt", InstantPattern.ExtendedIso.Format(e.DeadlineAt));
                return e switch
                {
                    CardEvent.Lapsed => "Lapsed",
                    CardEvent.Lost => "Lost",
                    CardEvent.LapseWithdrawn => "LapseWithdrawn",
                    CardEvent.LossWithdrawn => "LossWithdrawn",
                    _ => throw new InvalidOperationException($"No stored form for {e.GetType().Name}."),
                };
            default:
                throw new InvalidOperationException($"No stored form for {happened.GetType().Name}.");
        }
    }

    private static string WriteChange(Utf8JsonWriter json, CardEvent.Change change)
    {
        var type = WriteOwnMembers(json, change);
        if (change.At is { } at) At(json, at);
        Text(json, "orderNumber", change.OrderNumber);
        Text(json, "channel", change.Channel);
        Text(json, "source", change.Source);
        return type;
    }

    private static string WriteOwnMembers(Utf8JsonWriter json, CardEvent.Change change)
    {
        switch (change)
        {
            case CardEvent.NumberAssigned e:
                json.WriteString("lineId", e.LineId);
                Text(json, "number", e.Number);
                return "NumberAssigned";
            case CardEvent.SimReplaced e:
                Text(json, "iccid", e.Iccid);
                Text(json, "eid", e.Eid);
                Text(json, "formFactor", Name(e.FormFactor));
                return "SimReplaced";
            case CardEvent.SimConditionReported e:
                Text(json, "condition", Name(e.Condition));
                return "SimConditionReported";
            case CardEvent.DeviceAssigned e:
                Text(json, "device", e.Device);
                Text(json, "imei", e.Imei);
                return "DeviceAssigned";
            case CardEvent.PlanChanged e:
                json.WriteString("lineId", e.LineId);
                Text(json, "plan", e.Plan);
                return "PlanChanged";
            case CardEvent.ProductChanged e:
                json.WriteString("lineId", e.LineId);
                Text(json, "product", e.Product);
                Text(json, "region", e.Region);
                return "ProductChanged";
            case CardEvent.CarrierIdentified e:
                Text(json, "carrier", e.Carrier);
                return "CarrierIdentified";
            case CardEvent.CarrierSwitched e:
                Text(json, "carrier", e.Carrier);
                Text(json, "product", e.Product);
                return "CarrierSwitched";
            case CardEvent.LineDetached e:
                json.WriteString("lineId", e.LineId);
                return "LineDetached";
            case CardEvent.CardIssued e:
                Text(json, "holder", e.Holder);
                Text(json, "document", e.Document);
                Text(json, "contact", e.Contact);
                return "CardIssued";
            case CardEvent.CardReturned:
                return "CardReturned";
            case CardEvent.CardRetired:
                return "CardRetired";
            case CardEvent.CardReopened:
                return "CardReopened";
            case CardEvent.CardDescribed e:
                Text(json, "purpose", e.Purpose);
                Text(json, "importance", Name(e.Importance));
                Text(json, "location", e.Location);
                Texts(json, "tags", e.Tags);
                return "CardDescribed";
            case CardEvent.PeopleAssigned e:
                Text(json, "owner", e.Owner);
                Text(json, "custodian", e.Custodian);
                return "PeopleAssigned";
            case CardEvent.NotesWritten e:
                Text(json, "notes", e.Notes);
                return "NotesWritten";
            default:
                throw new InvalidOperationException($"No stored form for {change.GetType().Name}.");
        }
    }

    private static string WriteEntry(Utf8JsonWriter json, CardEvent.LineEntry entry)
    {
        json.WriteString("lineId", entry.LineId);
        At(json, entry.At);
        var type = WriteOwnMembers(json, entry);

        if (entry is CardEvent.Payment payment)
        {
            Text(json, "offer", payment.Offer);
            Text(json, "promotion", payment.Promotion);
            Period(json, payment.Period);
        }

        Text(json, "orderNumber", entry.OrderNumber);
        Text(json, "channel", entry.Channel);
        Text(json, "source", entry.Source);
        return type;
    }

    private static string WriteOwnMembers(Utf8JsonWriter json, CardEvent.LineEntry entry)
    {
        switch (entry)
        {
            case CardEvent.Activated:
                return "Activated";
            case CardEvent.ToppedUp e:
                Amount(json, "amount", e.Amount);
                Text(json, "currency", e.Currency);
                Money(json, "pricePaid", e.PricePaid);
                Amount(json, "balanceAfter", e.BalanceAfter);
                return "ToppedUp";
            case CardEvent.Renewed e:
                Amount(json, "amount", e.Amount);
                Text(json, "currency", e.Currency);
                return "Renewed";
            case CardEvent.CarrierStatedExpiry e:
                Date(json, "endsOn", e.EndsOn);
                Text(json, "clock", e.Clock);
                return "CarrierStatedExpiry";
            case CardEvent.BalanceObserved e:
                Amount(json, "amount", e.Amount);
                Text(json, "currency", e.Currency);
                return "BalanceObserved";
            case CardEvent.UsageRecorded e:
                Text(json, "kind", Name(e.Kind));
                Text(json, "direction", Name(e.Direction));
                YesOrNo(json, "chargeable", e.Chargeable);
                Money(json, "cost", e.Cost);
                YesOrNo(json, "roaming", e.Roaming);
                return "UsageRecorded";
            case CardEvent.IdentityRegistered e:
                Text(json, "method", e.Method);
                return "IdentityRegistered";
            case CardEvent.StatusChecked e:
                Text(json, "state", Name(e.State));
                Text(json, "observed", e.Observed);
                return "StatusChecked";
            default:
                throw new InvalidOperationException($"No stored form for {entry.GetType().Name}.");
        }
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

    private static void Text(Utf8JsonWriter json, string name, string? text)
    {
        if (text is not null) json.WriteString(name, text);
    }

    private static void Texts(Utf8JsonWriter json, string name, IReadOnlyList<string>? texts)
    {
        if (texts is null) return;

        json.WriteStartArray(name);
        foreach (var text in texts) json.WriteStringValue(text);
        json.WriteEndArray();
    }

    private static void Amount(Utf8JsonWriter json, string name, decimal? amount) => Text(json, name, amount?.ToString(CultureInfo.InvariantCulture));

    private static void Money(Utf8JsonWriter json, string name, Money? money)
    {
        if (money is null) return;

        json.WriteStartObject(name);
        Amount(json, "amount", money.Amount);
        Text(json, "currency", money.Currency);
        json.WriteEndObject();
    }

    private static void YesOrNo(Utf8JsonWriter json, string name, bool? yes)
    {
        if (yes is { } given) json.WriteBoolean(name, given);
    }

    private static void Date(Utf8JsonWriter json, string name, LocalDate? date)
    {
        if (date is { } day) json.WriteString(name, LocalDatePattern.Iso.Format(day));
    }

    private static void At(Utf8JsonWriter json, EntryTime at) => json.WriteString(
        "at", at.Date is { } date ? LocalDatePattern.Iso.Format(date) : OffsetDateTimePattern.Rfc3339.Format(at.Instant.GetValueOrDefault()));

    private static void Period(Utf8JsonWriter json, Term? period)
    {
        if (period is not { } term) return;

        json.WriteStartObject("period");
        json.WriteNumber("n", term.N);
        json.WriteString("unit", Name(term.Unit));
        json.WriteEndObject();
    }

    private static string? Name(FormFactor? formFactor) => formFactor switch
    {
        null => null,
        FormFactor.Physical => "physical",
        FormFactor.Esim => "esim",
        _ => throw new InvalidOperationException($"No stored form for {formFactor}."),
    };

    private static string? Name(Importance? importance) => importance switch
    {
        null => null,
        Importance.Normal => "normal",
        Importance.High => "high",
        Importance.Critical => "critical",
        _ => throw new InvalidOperationException($"No stored form for {importance}."),
    };

    private static string Name(TermUnit unit) => unit switch
    {
        TermUnit.Hour => "hour",
        TermUnit.Day => "day",
        TermUnit.Month => "month",
        TermUnit.Year => "year",
        _ => throw new InvalidOperationException($"No stored form for {unit}."),
    };

    private static string Name(SimCondition condition) => condition switch
    {
        SimCondition.InOrder => "inOrder",
        SimCondition.Lost => "lost",
        SimCondition.Damaged => "damaged",
        _ => throw new InvalidOperationException($"No stored form for {condition}."),
    };

    private static string Name(UsageKind kind) => kind switch
    {
        UsageKind.Call => "call",
        UsageKind.Sms => "sms",
        UsageKind.Mms => "mms",
        UsageKind.Data => "data",
        _ => throw new InvalidOperationException($"No stored form for {kind}."),
    };

    private static string? Name(Direction? direction) => direction switch
    {
        null => null,
        Direction.Out => "out",
        Direction.In => "in",
        _ => throw new InvalidOperationException($"No stored form for {direction}."),
    };

    private static string? Name(Stage? stage) => stage switch
    {
        null => null,
        Stage.Unstarted => "unstarted",
        Stage.Active => "active",
        Stage.Lapsed => "lapsed",
        Stage.Grace => "grace",
        Stage.Suspended => "suspended",
        Stage.Reclaimable => "reclaimable",
        Stage.Quarantine => "quarantine",
        Stage.Lost => "lost",
        _ => throw new InvalidOperationException($"No stored form for {stage}."),
    };

    private static SimCondition ReadCondition(string name) => name switch
    {
        "inOrder" => SimCondition.InOrder,
        "lost" => SimCondition.Lost,
        "damaged" => SimCondition.Damaged,
        _ => throw new InvalidDataException($"No condition of a SIM is called {name}."),
    };

    private static UsageKind ReadUsageKind(string name) => name switch
    {
        "call" => UsageKind.Call,
        "sms" => UsageKind.Sms,
        "mms" => UsageKind.Mms,
        "data" => UsageKind.Data,
        _ => throw new InvalidDataException($"No kind of use is called {name}."),
    };

    private static Direction? ReadDirection(string? name) => name switch
    {
        null => null,
        "out" => Direction.Out,
        "in" => Direction.In,
        _ => throw new InvalidDataException($"No direction is called {name}."),
    };

    private static Stage? ReadStage(string? name) => name switch
    {
        null => null,
        "unstarted" => Stage.Unstarted,
        "active" => Stage.Active,
        "lapsed" => Stage.Lapsed,
        "grace" => Stage.Grace,
        "suspended" => Stage.Suspended,
        "reclaimable" => Stage.Reclaimable,
        "quarantine" => Stage.Quarantine,
        "lost" => Stage.Lost,
        _ => throw new InvalidDataException($"No stage is called {name}."),
    };

    private static FormFactor? ReadFormFactor(string? name) => name switch
    {
        null => null,
        "physical" => FormFactor.Physical,
        "esim" => FormFactor.Esim,
        _ => throw new InvalidDataException($"No form factor is called {name}."),
    };

    private static Importance? ReadImportance(string? name) => name switch
    {
        null => null,
        "normal" => Importance.Normal,
        "high" => Importance.High,
        "critical" => Importance.Critical,
        _ => throw new InvalidDataException($"No importance is called {name}."),
    };

    private static TermUnit ReadUnit(string name) => name switch
    {
        "hour" => TermUnit.Hour,
        "day" => TermUnit.Day,
        "month" => TermUnit.Month,
        "year" => TermUnit.Year,
        _ => throw new InvalidDataException($"No unit of a term is called {name}."),
    };

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
