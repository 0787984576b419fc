using System.Globalization;
using System.Text;
using NodaTime;
using NodaTime.Text;

namespace SimLedger.Rules.Explaining;

/// <summary>A language in which explanations are told. Dates are ISO in each, amounts as recorded; names are the pack's, where it has them.</summary>
public abstract class Language
{
    public static readonly Language English = new English();
    public static readonly Language SimplifiedChinese = new SimplifiedChinese();

    /// <summary>All there are; the first is the one spoken where no other is wished.</summary>
    public static readonly IReadOnlyList<Language> All = [English, SimplifiedChinese];

    /// <summary>BCP 47: <c>en</c>, <c>zh-Hans</c>.</summary>
    public abstract string Tag { get; }

    /// <summary>The sentence of each code, with the names of its values in braces. Each ends with a full stop.</summary>
    public abstract IReadOnlyDictionary<StatementCode, string> Templates { get; }

    /// <summary>Between two sentences.</summary>
    protected abstract string Space { get; }

    public abstract string NameOf(Stage stage);

    /// <param name="withId">Whether the kind alone would not tell which clock is meant.</param>
    public abstract string NameOf(string clock, ClockKind kind, bool withId);

    /// <summary>A statement as a sentence.</summary>
    /// <param name="pack">For names and the carrier's own words; null: the carrier has none.</param>
    /// <exception cref="InvalidOperationException">The statement lacks a value of its template: a bug.</exception>
    public string Say(Statement statement, RulePack? pack)
    {
        ArgumentNullException.ThrowIfNull(statement);

        // In one pass, so that braces in what people wrote stay what they are.
        var template = Templates[statement.Code];
        var sentence = new StringBuilder(template.Length * 2);
        var at = 0;
        for (var open = template.IndexOf('{'); open >= 0; open = template.IndexOf('{', at))
        {
            Append(sentence, template[at..open]);
            at = template.IndexOf('}', open) + 1;
            var name = template[(open + 1)..(at - 1)];
            Append(sentence, Words(statement.Find(name) ?? throw new InvalidOperationException($"{statement.Code} has no {name}."), pack));
        }

        // Doubt comes before the full stop, so that it belongs to the sentence.
        Append(sentence, template[at..^1]);
        return sentence.Append(Doubt(statement.Confidence)).Append(template[^1]).ToString();
    }

    public string Say(IEnumerable<Statement> statements, RulePack? pack) => string.Join(Space, statements.Select(statement => Say(statement, pack)));

    /// <summary>An act as a person would name it, with all that it must be like.</summary>
    public abstract string Say(Way way, RulePack? pack);

    /// <summary>What is added to a sentence whose dates are not sure; null: nothing.</summary>
    protected abstract string? Doubt(Confidence? confidence);

    protected abstract string Words(Datum datum, RulePack? pack);

    /// <summary>Whether two characters must not touch where a value meets its sentence.</summary>
    protected virtual bool NeedsSpace(char before, char after) => false;

    protected static string Text(LocalDate date) => LocalDatePattern.Iso.Format(date);

    protected static string Text(LocalTime time) => LocalTimePattern.CreateWithInvariantCulture("HH':'mm").Format(time);

    protected static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);

    protected static string Text(decimal amount, string? currency) =>
        currency is null ? amount.ToString(CultureInfo.InvariantCulture) : $"{currency} {amount.ToString(CultureInfo.InvariantCulture)}";

    /// <summary>Without its full stop: the sentence around it has one.</summary>
    protected static string Quoted(string text) => text.TrimEnd('.', '。');

    /// <summary>The carrier's own word for an act; null: it has none.</summary>
    protected string? OwnWord(EntryType act, RulePack? pack) => pack?.Wording.TryGetValue(act, out var word) == true ? word.In(Tag) : null;

    /// <summary>A channel by its name in the pack, a kind of channels by the language's, else as it is written.</summary>
    protected string NameOfChannel(string codeOrKind, RulePack? pack)
    {
        if (pack?.FindChannel(codeOrKind) is { } channel) return channel.Name?.In(Tag) ?? NameOf(channel.Kind);
        return EnumNames.TryParse<ChannelKind>(codeOrKind, out var kind) ? NameOf(kind) : codeOrKind;
    }

    protected abstract string NameOf(ChannelKind kind);

    private void Append(StringBuilder sentence, string words)
    {
        if (sentence.Length > 0 && words.Length > 0 && NeedsSpace(sentence[^1], words[0])) sentence.Append(' ');
        sentence.Append(words);
    }
}
