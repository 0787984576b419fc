using NodaTime;
using SimLedger.Rules;

namespace SimLedger.Cards;

/// <summary>Collects everything wrong with a command's values, so that its sender hears of all at once.</summary>
internal sealed class ValueChecks
{
    // Further ahead no carrier promises anything, and sums of terms stay far from the end of the calendar.
    private static readonly LocalDate LastEndDate = new(2199, 12, 31);

    private readonly List<ValueProblem> found = [];

    public Decision.Refused? Refused => found.Count == 0
        ? null
        : Decision.Refuse(Refusal.InvalidValues, string.Join(" ", found.Select(problem => $"{problem.Member}: {problem.Message}")), found);

    public ValueChecks Add(string member, ValueProblem? problem)
    {
        if (problem is not null) found.Add(problem with { Member = member });
        return this;
    }

    public ValueChecks Text(string member, string? text, int longest) => Add(member, FreeText.Check(text, longest));

    public ValueChecks NeededText(string member, string? text, int longest) => string.IsNullOrWhiteSpace(text)
        ? Add(member, new(ValueCode.TextMissing, "It is missing.", "Send it; blanks alone are nothing."))
        : Text(member, text, longest);

    public ValueChecks Tags(IReadOnlyList<string>? tags)
    {
        if (tags is null) return this;

        if (tags.Count > FreeText.MostTags)
            return Add("/tags", new(ValueCode.TooManyTags, $"There are {tags.Count} tags; {FreeText.MostTags} are kept.", "Send fewer."));

        for (var index = 0; index < tags.Count; index++)
        {
            var problem = string.IsNullOrWhiteSpace(tags[index])
                ? new(ValueCode.TagEmpty, "The tag is empty.", "Leave it out; an empty list clears all tags.")
                : FreeText.Check(tags[index], FreeText.Tag);
            Add($"/tags/{index}", problem);
        }

        return this;
    }

    /// <param name="country">Whose national numbers are taken too; null: only E.164.</param>
    public ValueChecks Line(string member, NewLine line, string? country)
    {
        if (!string.IsNullOrWhiteSpace(line.Number)) Add($"{member}/number", PhoneNumber.Check(line.Number, country));

        return Text($"{member}/product", line.Product, FreeText.Product).Text($"{member}/region", line.Region, FreeText.Region);
    }

    public ValueChecks Known<TName>(string member, TName? name) where TName : struct, Enum => name is not { } known || Enum.IsDefined(known)
        ? this
        : Add(member, new(ValueCode.UnknownName, "There is no such choice.", $"Send one of: {string.Join(", ", Enum.GetNames<TName>()).ToLowerInvariant()}."));

    /// <summary>Not an RFC 3339 instant: an offset of odd seconds could not be stored as it came.</summary>
    public ValueChecks At(EntryTime at) => at.Instant is { } instant && instant.Offset.Seconds % 60 != 0
        ? Add("/at", new(ValueCode.OffsetNotMinutes, "The offset from UTC is not in whole minutes.", "Send the instant with an offset such as +08:00, or Z."))
        : this;

    public ValueChecks EndDate(string member, LocalDate date) => date < CardDecider.EarliestDate || date > LastEndDate
        ? Add(member, new(
            ValueCode.DateOutOfRange,
            $"The date is not between {CardDecider.EarliestYear} and {LastEndDate.Year}.",
            """Check the year; leave out dates that mean "never"."""))
        : this;

    public ValueChecks Currency(string member, string? currency)
    {
        if (!string.IsNullOrWhiteSpace(currency)) Add(member, Money.CheckCurrency(currency));
        return this;
    }

    public ValueChecks Price(string member, Money? paid)
    {
        if (paid is not null) Add($"{member}/amount", Money.CheckAmount(paid.Amount)).Add($"{member}/currency", Money.CheckCurrency(paid.Currency));
        return this;
    }

    /// <summary>A hundred years at most; no time at all is not worth an entry's member.</summary>
    public ValueChecks Period(Term? period)
    {
        if (period is not { } term) return this;

        var most = term.Unit switch
        {
            TermUnit.Hour => 876_600,
            TermUnit.Day => 36_525,
            TermUnit.Month => 1_200,
            TermUnit.Year => 100,
            _ => 0,
        };
        return term.N >= 1 && term.N <= most
            ? this
            : Add("/period", new(
                ValueCode.PeriodOutOfRange,
                "The period is not between one hour and a hundred years.",
                "Send a count of 1 or more with hour, day, month or year."));
    }
}
