using NodaTime;
using SimLedger.Cards;
using SimLedger.Rules;
using SimLedger.Rules.Quoting;
using SimLedger.Server.Http;

namespace SimLedger.Server.UseCases;

/// <summary>What a quote is asked for, as the body says it; names are not looked up yet.</summary>
/// <param name="On">Null: today.</param>
/// <param name="Action">Null: all options.</param>
/// <param name="Limit">Of the options told.</param>
internal sealed record QuoteRequest(Guid? LineId, LocalDate? On, ActionRequest? Action, int Limit)
{
    public const int DefaultLimit = 50;
    public const int MostOptions = 200;

    public static QuoteRequest Read(RequestBody body) => new(
        body.Id("lineId"), body.Date("on"), body.Object("action") is { } action ? ActionRequest.Read(action) : null, body.Whole("limit", 1, MostOptions) ?? DefaultLimit);
}

/// <summary>An action in the words of the request.</summary>
internal sealed record ActionRequest(EntryType? Type, decimal? Amount, string? Currency, string? Offer, string? Channel, string? Promotion, Term? Period, UsageKind? Usage)
{
    /// <summary>Names listed in a refusal; enough for a price list, not for a pack of megabytes.</summary>
    private const int MostNames = 50;

    /// <summary>What is asked for that the type does not have is unknown, as a misspelt member is.</summary>
    public static ActionRequest Read(RequestBody body)
    {
        body.Need("type");
        var type = body.Word(
            "type",
            ("topUp", EntryType.TopUp), ("renewal", EntryType.Renewed), ("extension", EntryType.Extended), ("usage", EntryType.Usage),
            ("registration", EntryType.Registered), ("activation", EntryType.Activated));
        var (isUse, isPaid) = (type is null or EntryType.Usage, type is null or EntryType.TopUp or EntryType.Renewed or EntryType.Extended);
        return new ActionRequest(
            type,
            isUse || isPaid ? body.Amount("amount") : null,
            isUse || isPaid ? body.Currency("currency") : null,
            isPaid ? body.Text("offer") : null,
            type is not EntryType.Usage ? body.Text("channel") : null,
            isPaid ? body.Text("promotion") : null,
            isPaid ? body.Period("period") : null,
            isUse ? body.Word("usageKind", [.. Enum.GetValues<UsageKind>().Select(kind => (EnumNames.Of(kind), kind))]) : null);
    }

    /// <summary>The action in the words of the pack.</summary>
    /// <param name="errors">What was asked for and is not there; then the action is of no use.</param>
    public KeepingAction In(RulePack pack, Product? product, List<MemberError> errors)
    {
        var offer = Named("offer", Offer, product?.Offers ?? [], one => one.Code, errors);
        var channel = Named("channel", Channel, pack.Channels, one => one.Code, errors);
        var promotion = Named("promotion", Promotion, product?.Promotions ?? [], one => one.Code, errors);

        if (Amount < 0) errors.Add(new("/action/amount", ValueCode.AmountNegative, "The amount is below zero. Send what would be paid as a positive number."));
        if (Amount == 0) errors.Add(new("/action/amount", ValueCode.AmountZero, "The amount is zero. Send what would be paid, or leave it out."));
        if (Currency is not null && Amount is null) errors.Add(new("/action/currency", ValueCode.CurrencyWithoutAmount, "There is no amount for this currency. Send one, or leave the currency out."));
        if (Type is EntryType.TopUp && Amount is null && Offer is null) errors.Add(new("/action/amount", ValueCode.MemberMissing, "Send the amount, or an offer."));
        if (offer is not null && Amount is not null && Amount != offer.Amount)
        {
            errors.Add(new("/action/amount", ValueCode.AmountNotOfOffer, $"The offer costs {Decimal(offer.Amount)}. Leave the amount out, or the offer."));
        }
        if (offer is not null && KeepingActions.TypeOf(offer.Kind) != Type)
        {
            errors.Add(new("/action/type", ValueCode.ValueUnknown, $"The offer is for the type {QuoteJson.TypeOf(KeepingActions.TypeOf(offer.Kind))}."));
        }

        return new KeepingAction(
            Type.GetValueOrDefault(), offer?.Amount ?? Amount, offer, channel, promotion, Type is EntryType.Usage ? Usage ?? UsageKind.Sms : null)
        {
            Currency = Currency,
            Period = Period,
        };
    }

    private static T? Named<T>(string member, string? code, IReadOnlyList<T> known, Func<T, string> codeOf, List<MemberError> errors) where T : class
    {
        if (code is null) return null;
        if (known.FirstOrDefault(one => codeOf(one) == code) is { } found) return found;

        var names = string.Join(", ", known.Take(MostNames).Select(codeOf));
        errors.Add(new($"/action/{member}", ValueCode.UnknownName, names.Length == 0
            ? $"No {member} is known for this line. Leave it out."
            : $"There is no such {member}. There are: {names}{(known.Count > MostNames ? ", …" : "")}."));
        return null;
    }

    private static string Decimal(decimal amount) => amount.ToString(System.Globalization.CultureInfo.InvariantCulture);
}
