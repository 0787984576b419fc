using SimLedger.Rules.Evaluating;
using SimLedger.Rules.Explaining;
using SimLedger.Rules.Reading;

namespace SimLedger.Rules.Vectors.Text;

/// <summary>The whole evaluation of a vector as plain text: what was asked, what each entry did and by which rule, how it ends, and which expectations hold.</summary>
/// <remarks>The same vector gives the same lines on every machine and at any time.</remarks>
internal sealed class VectorText(string name, Vector vector, Standing standing, IReadOnlyList<ComparedMember> compared)
{
    private readonly LineWalk walk = LineWalk.Of(vector.Pack, vector.Question);
    private readonly Product? product = vector.Pack.FindProduct(vector.Question.Product);

    private LocalCalendar Calendar => walk.Line.Calendar;

    public IEnumerable<string> Lines() =>
    [
        .. Asked(),
        .. Section("Rule versions", Versions()),
        .. Section("Entries, in the order taken", Entries()),
        .. Section("Set aside", SetAside()),
        .. Section("After the last entry", AtTheEnd()),
        .. Section("Clocks", Clocks()),
        .. Section("After the deadline", Ladder()),
        .. Section("Standing", StandingLines()),
        .. Section("Expectations", Expectations()),
        Verdict(),
    ];

    private IEnumerable<string> Asked()
    {
        var (pack, question) = (vector.Pack, vector.Question);
        var rows = new Columns("");
        rows.Add("Vector", name);
        rows.Add("Pack", $"{pack.Code} ({pack.Name.In("en")}), days and times of {pack.Zone.Id}");
        rows.Add("Product", product is null ? $"{question.Product}, which the pack does not have" : $"{product.Code}, {product.Currency}");
        rows.Add("Line", $"{Activation()}{(question.Region is { } region ? $", region {region}" : "")}");
        rows.Add("Asked", $"{Words.Local(question.AsOf, Calendar)} = {Words.Utc(question.AsOf)}, margin {Words.Of(question.MarginDays)} days{(question.Channel is { } channel ? $", channel {channel}" : "")}");
        return rows.Lines();
    }

    private string Activation() =>
        vector.Question.ActivatedOn is { } stated ? $"activated on {Words.Of(stated)}, as stated"
        : walk.Line.Timeline.FirstActivation() is { } first ? $"activated on {Words.Of(first)}, by its first activation"
        : "no activation date";

    private IEnumerable<string> Versions()
    {
        var rows = new Columns("  ");
        foreach (var version in walk.Line.Versions)
        {
            var days = $"{Words.Of(version.From)} to {(version.To is { } to ? Words.Of(to) : "further notice")}";
            var whose = walk.Line.IsFor(version) ? ReferenceEquals(version, walk.Governing) ? "governs the day asked" : "" : "not for this line";
            rows.Add(version.Version, days, EnumNames.Of(version.Source.Confidence), $"checked {Words.Of(version.Source.CheckedOn)}", whose);
        }

        return rows.Lines();
    }

    private IEnumerable<string> Entries() => walk.Entries.SelectMany(walked => EntryLines(walked).Concat(Steps(walked)));

    private IEnumerable<string> EntryLines(WalkedEntry walked)
    {
        var (entry, at) = (walked.Taken.Entry, walked.Taken.At);
        var time = entry.At.Date is { } date ? Words.Of(date) : Words.Local(at, Calendar);
        var held = Words.Held(entry);
        yield return $"  {time}  {EnumNames.Of(entry.Type)} {entry.Id}{(held.Length > 0 ? $": {held}" : "")}";
        yield return $"    {EnumNames.Of(walked.Outcome.Outcome)}; stage {EnumNames.Of(walked.Stage)}; {Governing(walked)}";
    }

    private string Governing(WalkedEntry walked)
    {
        var governing = walk.GoverningVersions(walked.Taken.On).Select(version => version.Version).ToList();
        return governing.Count switch
        {
            0 => "no version governs the day",
            1 => $"version {governing[0]}",
            _ => $"versions {string.Join(" and ", governing)} govern the day, the deadline of {walked.Version?.Version} is the earliest",
        };
    }

    private IEnumerable<string> Steps(WalkedEntry walked)
    {
        var rows = new Columns("      ");
        foreach (var step in walked.Steps) rows.Add(StepWords.Of(step));
        foreach (var clock in walked.Version?.Clocks ?? [])
        {
            if (walked.Steps.Any(step => step.Clock == clock.Id)) continue;

            for (var i = 0; i < clock.ExtendedBy.Count; i++)
            {
                if (WhyNotTaken(clock, clock.ExtendedBy[i], walked) is { } why) rows.Add(clock.Id, "", "as it was", $"extendedBy[{Words.Of(i)}] {Words.Of(clock.ExtendedBy[i].When)}: {why}");
            }
        }

        return rows.Lines();
    }

    /// <returns>Null for an extension on entries of another type.</returns>
    private string? WhyNotTaken(Clock clock, Extension extension, WalkedEntry walked)
    {
        var entry = walked.Taken.Entry;
        if (extension.When.On != entry.Type) return null;
        if (walked.Before.FindClock(clock.Id) is { Stopped: true }) return "the clock has stopped";
        if (!walk.Line.Matching.Matches(extension.When, walked.Index)) return "the entry does not match";
        if (extension.Combine is Combine.Set && entry.EndsOn is null) return "the entry has no end date";
        return ExtensionTerm.Of(extension, clock, entry, walk.Line.Matching.AmountOf(entry)) is null ? "gives no term for this entry" : null;
    }

    private IEnumerable<string> AtTheEnd()
    {
        var rows = new Columns("  ");
        foreach (var step in walk.AtTheEnd) rows.Add(StepWords.Of(step));
        return rows.Lines();
    }

    private IEnumerable<string> SetAside()
    {
        var rows = new Columns("  ");
        for (var i = 0; i < vector.Question.History.Count; i++)
        {
            if (walk.Line.Timeline.SetAside[i] is not { } outcome) continue;

            var entry = vector.Question.History[i];
            rows.Add($"{EnumNames.Of(entry.Type)} {entry.Id}", EnumNames.Of(outcome), Words.Held(entry));
        }

        return rows.Lines();
    }

    private IEnumerable<string> Clocks()
    {
        var binding = walk.Line.State.Binding();
        var rows = new Columns("  ");
        foreach (var clock in standing.Clocks)
        {
            var run = walk.Line.State.FindClock(clock.Id);
            var state = run is { Stopped: true } ? "stopped" : clock.Running ? "runs" : "ran out";
            var by = clock.RuleVersion is { } version ? $"version {version}, {EnumNames.Of(clock.Confidence.GetValueOrDefault())}" : "the carrier's word";
            rows.Add(clock.Id, EnumNames.Of(clock.Kind), state, $"ends {Words.Of(clock.EndsOn)}", $"deadline {Words.Local(clock.DeadlineAt, Calendar)} = {Words.Utc(clock.DeadlineAt)}", by, clock.Id == binding?.Id ? "binds" : "");
        }

        return rows.Lines();
    }

    private IEnumerable<string> Ladder()
    {
        var rows = new Columns("  ");
        foreach (var stage in standing.Stages)
        {
            var to = stage.To is { } end ? $"to {Words.Local(end, Calendar)} = {Words.Utc(end)}" : "";
            rows.Add(EnumNames.Of(stage.Stage), $"from {Words.Local(stage.From, Calendar)} = {Words.Utc(stage.From)}", to, stage.EndsOn is { } last ? $"last day {Words.Of(last)}" : "");
        }

        return rows.Lines();
    }

    private IEnumerable<string> StandingLines()
    {
        var rows = new Columns("  ");
        rows.Add("stage", EnumNames.Of(standing.Stage) + (standing.StageEndsOn is { } end ? $", last day {Words.Of(end)}" : ", no end known"));
        rows.Add("renew by", Words.Of(standing.RenewBy));
        rows.Add("prepare from", Words.Of(standing.PrepareFrom));
        rows.Add("flags", standing.Flags.Count == 0 ? "none" : string.Join(", ", standing.Flags.Select(flag => EnumNames.Of(flag))));
        rows.Add("balance", standing.Balance is { } balance ? $"{AmountText.Of(balance.Amount)} {product?.Currency}".TrimEnd() + $", observed {Words.Of(balance.On)}" : "not known");
        rows.Add("holds until", standing.HoldsUntil is { } until ? $"{Words.Local(until, Calendar)} = {Words.Utc(until)}" : "the next entry");
        return rows.Lines();
    }

    private IEnumerable<string> Expectations()
    {
        var rows = new Columns("  ");
        foreach (var member in compared) rows.Add(member.Holds ? "holds" : "FAILS", member.Member, member.Holds ? member.Actual : $"expected {member.Expected}, actual {member.Actual}");
        return rows.Lines();
    }

    private string Verdict()
    {
        var failed = compared.Count(member => !member.Holds);
        return failed == 0 ? $"All {Words.Of(compared.Count)} expectations hold." : $"{Words.Of(failed)} of {Words.Of(compared.Count)} expectations fail.";
    }

    private static IEnumerable<string> Section(string title, IEnumerable<string> lines)
    {
        var inside = lines.ToList();
        return inside.Count == 0 ? [] : ["", title, .. inside];
    }
}
