namespace SimLedger.Cards;

/// <summary>
/// What can be wrong with one member of a request: <c>errors[].code</c> of the API, here in one place since docs/problems.md explains each.
/// The texts are part of the contract: never rename or remove.
/// </summary>
public sealed class ValueCode
{
    public static readonly ValueCode MemberMissing = new("member-missing");
    public static readonly ValueCode MemberUnknown = new("member-unknown");
    public static readonly ValueCode MemberTwice = new("member-twice");
    public static readonly ValueCode WrongType = new("wrong-type");
    public static readonly ValueCode TooMany = new("too-many");
    public static readonly ValueCode TooManyTags = new("too-many-tags");
    public static readonly ValueCode LinesMissing = new("lines-missing");
    public static readonly ValueCode ValueUnknown = new("value-unknown");
    public static readonly ValueCode ValueEmpty = new("value-empty");
    public static readonly ValueCode UnknownName = new("unknown-name");
    public static readonly ValueCode OutOfRange = new("out-of-range");
    public static readonly ValueCode TooShort = new("too-short");
    public static readonly ValueCode HeaderMalformed = new("header-malformed");
    public static readonly ValueCode IdMalformed = new("id-malformed");
    public static readonly ValueCode DateMalformed = new("date-malformed");
    public static readonly ValueCode TimeMalformed = new("time-malformed");
    public static readonly ValueCode OffsetNotMinutes = new("offset-not-minutes");
    public static readonly ValueCode DateOutOfRange = new("date-out-of-range");
    public static readonly ValueCode AtInTheFuture = new("at-in-the-future");
    public static readonly ValueCode AtTooLongAgo = new("at-too-long-ago");
    public static readonly ValueCode AmountEmpty = new("amount-empty");
    public static readonly ValueCode AmountNotDecimal = new("amount-not-decimal");
    public static readonly ValueCode AmountNegative = new("amount-negative");
    public static readonly ValueCode AmountZero = new("amount-zero");
    public static readonly ValueCode AmountOutOfRange = new("amount-out-of-range");
    public static readonly ValueCode AmountNotOfOffer = new("amount-not-of-offer");
    public static readonly ValueCode CurrencyNotIso = new("currency-not-iso");
    public static readonly ValueCode CurrencyWithoutAmount = new("currency-without-amount");
    public static readonly ValueCode PeriodOutOfRange = new("period-out-of-range");
    public static readonly ValueCode TextMissing = new("text-missing");
    public static readonly ValueCode TextTooLong = new("text-too-long");
    public static readonly ValueCode TextUnusable = new("text-unusable");
    public static readonly ValueCode TextNotUnicode = new("text-not-unicode");
    public static readonly ValueCode TextWithNul = new("text-with-nul");
    public static readonly ValueCode TagEmpty = new("tag-empty");
    public static readonly ValueCode NumberEmpty = new("number-empty");
    public static readonly ValueCode NumberWithoutPlus = new("number-without-plus");
    public static readonly ValueCode NumberNotDigits = new("number-not-digits");
    public static readonly ValueCode NumberTooShort = new("number-too-short");
    public static readonly ValueCode NumberTooLong = new("number-too-long");
    public static readonly ValueCode NumberStartsWithZero = new("number-starts-with-zero");
    public static readonly ValueCode NumberNotNational = new("number-not-national");
    public static readonly ValueCode IccidEmpty = new("iccid-empty");
    public static readonly ValueCode IccidNotDigits = new("iccid-not-digits");
    public static readonly ValueCode IccidLength = new("iccid-length");
    public static readonly ValueCode IccidNotTelecom = new("iccid-not-telecom");
    public static readonly ValueCode IccidCheckDigit = new("iccid-check-digit");
    public static readonly ValueCode EidEmpty = new("eid-empty");
    public static readonly ValueCode EidNotDigits = new("eid-not-digits");
    public static readonly ValueCode EidLength = new("eid-length");
    public static readonly ValueCode EidCheckDigits = new("eid-check-digits");
    public static readonly ValueCode ImeiNotDigits = new("imei-not-digits");
    public static readonly ValueCode ImeiLength = new("imei-length");
    public static readonly ValueCode ImeiCheckDigit = new("imei-check-digit");
    public static readonly ValueCode Taken = new("taken");
    public static readonly ValueCode RulePack = new("rule-pack");
    public static readonly ValueCode OtherCarrier = new("other-carrier");
    public static readonly ValueCode NameTaken = new("name-taken");

    // Nobody else makes one: what is not listed here cannot be answered.
    private ValueCode(string text) => Text = text;

    /// <summary>Kebab-case, as it is answered.</summary>
    public string Text { get; }

    public override string ToString() => Text;
}
