namespace SimLedger.Rules;

/// <summary>A text for people in one or more languages, by BCP 47 tag: <c>en</c>, <c>zh-Hans</c>.</summary>
public sealed record TextByLanguage(IReadOnlyDictionary<string, string> Texts)
{
    /// <summary>The text in this language, else in English, else in the first language given; empty if there is none at all.</summary>
    public string In(string language) =>
        Texts.TryGetValue(language, out var text) || Texts.TryGetValue("en", out text) ? text : Texts.Values.FirstOrDefault() ?? "";
}
