using System.Text.Json;

namespace SimLedger.Rules.Reading;

/// <summary>
/// Terms as packs and vectors write them. A century is the most a term may be: 100 years, 1,200 months, 36,500 days or 876,000 hours.
/// No carrier goes further, a slip of the pen is caught, and sums of a few stay inside the calendar.
/// </summary>
internal static class TermReading
{
    public static Term? OptionalTerm(this JsonMembers members, string name, FindingList findings, bool hours = true) =>
        members.TryGet(name, out var value) ? Read(value, members.PathOf(name), findings, hours) : null;

    public static Term Term(this JsonMembers members, string name, FindingList findings, bool hours = true) =>
        members.TryRequire(name, out var value) ? Read(value, members.PathOf(name), findings, hours) : default;

    /// <param name="hours">Whether the format allows hours in this place.</param>
    private static Term Read(JsonElement value, string path, FindingList findings, bool hours)
    {
        var members = new JsonMembers(value, path, findings);
        var hasUnit = members.TryEnum<TermUnit>("unit", out var unit);
        var n = members.TryRequire("n", out _) ? members.OptionalWhole("n", 0, Most(unit)) ?? 0 : 0;
        members.RefuseOthers();

        if (hasUnit && unit is TermUnit.Hour && !hours)
        {
            findings.Error(path, "A term in hours goes only with a clock that ends exact.", "Write days, months or years, or let the clock end \"exact\".");
        }

        return new Term(n, unit);
    }

    private static int Most(TermUnit unit) => unit switch
    {
        TermUnit.Day => 36_500,
        TermUnit.Month => 1_200,
        TermUnit.Year => 100,
        _ => 876_000,
    };
}
