using NodaTime;
using SimLedger.Rules.Evaluating;

namespace SimLedger.Rules.Quoting;

/// <summary>Asks the evaluator how a line stands on a day, and how it would stand if something were done that day. Nothing is kept but answers.</summary>
internal sealed class WhatIf
{
    private readonly RulePack pack;
    private readonly Question line;
    private readonly LocalCalendar calendar;
    private readonly string entryId;
    private readonly Dictionary<(LocalDate Day, string? Channel), Standing> befores = [];
    private readonly Dictionary<LocalDate, RuleVersion?> governing = [];

    public WhatIf(RulePack pack, Question line)
    {
        (this.pack, this.line, calendar) = (pack, line, new LocalCalendar(pack.Zone));
        Product = pack.FindProduct(line.Product);
        Today = calendar.DateOf(line.AsOf);

        // No entry of the history has it, and none voids it.
        entryId = "quoted";
        while (line.History.Any(entry => entry.Id == entryId || entry.Voids == entryId)) entryId += "'";
    }

    public RulePack Pack => pack;

    /// <summary>Null: the pack does not have it.</summary>
    public Product? Product { get; }

    /// <summary>Of the instant asked, in the carrier's zone.</summary>
    public LocalDate Today { get; }

    /// <summary>How many evaluations of this line are affordable is a matter of its entries.</summary>
    public int Entries => line.History.Count;

    /// <summary>The line's facts that count by that day, with their local dates.</summary>
    public IEnumerable<(Entry Entry, LocalDate On)> Facts(LocalDate day)
    {
        var outcomes = Before(day, null).Entries;
        for (var i = 0; i < outcomes.Count; i++)
        {
            if (outcomes[i].Outcome is Outcome.Voided or Outcome.Later) continue;
            yield return (line.History[i], line.History[i].At.Date ?? calendar.DateOf(line.History[i].At.ToInstant(pack.Zone)));
        }
    }

    /// <summary>As things are at the instant of acting.</summary>
    /// <param name="channel">The one that would be used: it decides by when it must be.</param>
    public Standing Before(LocalDate day, Channel? channel)
    {
        var key = (day, channel?.Code);
        return befores.TryGetValue(key, out var known) ? known : befores[key] = Evaluator.Evaluate(pack, At(day, channel));
    }

    /// <summary>With the action done. Its entry is the last of the answer.</summary>
    public Standing After(KeepingAction action, LocalDate day)
    {
        var before = At(day, action.Channel);
        var time = day == Today ? EntryTime.At(line.AsOf) : EntryTime.On(day);
        return Evaluator.Evaluate(pack, before with { History = [.. line.History, action.EntryAt(entryId, time)] });
    }

    /// <summary>The first version of the pack that governs the day; null: no rule is known.</summary>
    public RuleVersion? Governing(LocalDate day) =>
        governing.TryGetValue(day, out var known) ? known : governing[day] = new LineEvaluation(pack, At(day, null)).GoverningVersion(day);

    /// <summary>The start of the day; today it is the instant asked, for what was done this morning has been done.</summary>
    private Question At(LocalDate day, Channel? channel) =>
        line with { AsOf = day == Today ? line.AsOf : calendar.StartOf(day), Channel = channel?.Code ?? line.Channel };
}
