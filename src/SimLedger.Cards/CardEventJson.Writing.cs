using System.Buffers;
using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using NodaTime;
using NodaTime.Text;
using SimLedger.Rules;

namespace SimLedger.Cards;

public static partial class CardEventJson
{
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
}
