using SimLedger.Rules;
using static SimLedger.Tests.Rules.RuleSpec;

namespace SimLedger.Tests.Rules.Sentences;

/// <summary>Pieces of rules as JSON with single quotes, and entries: short, so that a test shows only what its sentence is about.</summary>
internal static class RuleText
{
    /// <param name="term">As in <c>30 day</c>.</param>
    public static string TermOf(string term) => term.Split(' ') is [var n, var unit] ? $"{{'n':{n},'unit':'{unit}'}}" : throw new ArgumentException(term);

    /// <param name="starts">Entry types with commas between them, or triggers as JSON; empty: none.</param>
    public static string Clock(
        string id = "c", string kind = "validity", string starts = "activated", string length = "30 day", string extends = "", string more = "") =>
        $"{{'id':'{id}','kind':'{kind}','startsOn':[{On(starts)}],'length':{TermOf(length)},'extendedBy':[{extends}]{more}}}";

    public static string Stops(string on) => $",'stopsOn':[{On(on)}]";

    public static string Ends(string ends) => $",'ends':'{ends}'";

    public static string Auto(string by = "30 day", string atLeast = "20", string deduct = "20", string more = "") =>
        $",'autoExtend':{{'balanceAtLeast':'{atLeast}','deduct':'{deduct}','by':{TermOf(by)}{more}}}";

    /// <param name="by">Empty: no term of its own.</param>
    public static string Extend(string on, string by, string combine = "reset", string more = "") =>
        $"{{'on':'{on}'{(by.Length == 0 ? "" : $",'by':{TermOf(by)}")},'combine':'{combine}'{more}}}";

    public static string Ladder(params string[] stages) => $",'ladder':[{string.Join(',', stages)}]";

    /// <param name="exits">As in <see cref="Clock"/>; null: the member is absent.</param>
    public static string Rung(string stage, string length, string? exits = null) =>
        $"{{'stage':'{stage}','length':{TermOf(length)}{(exits is null ? "" : $",'exits':[{On(exits)}]")}}}";

    public static string Effective(string from, string? to = null) => to is null ? $"{{'from':'{from}'}}" : $"{{'from':'{from}','to':'{to}'}}";

    public static string Plus(string more = "", string from = "2026-01-01", string to = "2026-12-31") =>
        $"{{'code':'PLUS','from':'{from}','to':'{to}','effect':{{'bonusDays':7}}{more}}}";

    public static Entry Renewed(string at, string id = "r") => new(id, EntryType.Renewed, At(at));

    public static Entry Registered(string at, string id = "g") => new(id, EntryType.Registered, At(at));

    public static Entry Used(string at, decimal? amount = null, string id = "u") => new(id, EntryType.Usage, At(at), amount);

    public static Entry Extended(string at, string id = "x") => new(id, EntryType.Extended, At(at));

    public static Entry Voided(string at, string voids, string id = "v") => new(id, EntryType.Voided, At(at), Voids: voids);

    /// <summary>The only change that the entry with this id made.</summary>
    public static ClockChange Change(this Standing standing, string id) => standing.Entry(id).Changes.Single();

    private static string On(string triggers) =>
        triggers.Length == 0 || triggers[0] == '{' ? triggers : string.Join(',', triggers.Split(',').Select(type => $"{{'on':'{type}'}}"));
}
