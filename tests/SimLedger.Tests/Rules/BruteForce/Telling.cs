using NodaTime;
using SimLedger.Rules;

namespace SimLedger.Tests.Rules.BruteForce;

/// <summary>Section 8: what is told of a line when all is done.</summary>
internal sealed class Telling(RulePack pack, Question question, ZoneWalk zone, Matching matching)
{
    public Standing Tell(Line line, bool isGoverned)
    {
        var binding = line.Binding(zone);
        LocalDate? endsOn = binding is null ? null : line.EndOf(binding);
        var stage = StageWalk.At(line, question.AsOf, zone);
        var renewBy = endsOn is { } end ? RenewBy(end) : (LocalDate?)null;

        return new Standing(
            stage.Stage,
            stage.EndsOn,
            binding is null ? null : line.DeadlineOf(binding, zone),
            endsOn,
            binding?.Id,
            binding?.MovedBy?.Version,
            binding?.MovedBy?.Source.Confidence,
            renewBy,
            renewBy?.PlusDays(-question.PrepareDays),
            binding is null ? [] : StageWalk.After(line, binding, zone),
            [.. line.Clocks.Select(clock => State(line, clock))],
            [.. Flags(line, binding, isGoverned).OrderBy(EnumNames.Of, StringComparer.Ordinal)],
            line.Balance is { } balance ? new ObservedBalance(balance.Amount - line.Deducted, balance.On) : null,
            [.. line.Outcomes.OrderBy(each => each.Key).Select(each => each.Value)],
            HoldsUntil: null);
    }

    private ClockState State(Line line, Countdown clock) => new(
        clock.Id,
        clock.Kind,
        line.EndOf(clock),
        line.DeadlineOf(clock, zone),
        line.Runs(clock, question.AsOf, zone),
        clock.MovedBy?.Version,
        clock.MovedBy?.Source.Confidence);

    private LocalDate RenewBy(LocalDate endsOn)
    {
        var channel = pack.Channels.FirstOrDefault(channel => channel.Code == question.Channel);
        var wait = channel is null ? 0 : channel.LeadDays > channel.CreditTakesDays ? channel.LeadDays : channel.CreditTakesDays;
        var day = endsOn.PlusDays(-question.MarginDays).PlusDays(-wait);
        while (channel is not null && channel.ClosedOn.Contains(day.DayOfWeek)) day = day.PlusDays(-1);
        return day;
    }

    private HashSet<Flag> Flags(Line line, Countdown? binding, bool isGoverned)
    {
        var flags = line.Flags.ToHashSet();
        if (line.Balance?.Amount < 0) flags.Add(Flag.Arrears);
        // A balance is an amount too: it is passed over like one, and that is to be seen.
        if (line.Past.Select(past => past.Fact.Entry).Any(entry => (entry.Amount ?? entry.BalanceAfter) is not null && !matching.IsInCurrency(entry)))
        {
            flags.Add(Flag.CurrencyMismatch);
        }

        if (binding is { AutomaticMoves: > 0 }) flags.Add(Flag.DependsOnBalance);
        if (binding is null) flags.Add(!isGoverned || line.Outcomes.Values.Any(each => each.Outcome is Outcome.Unknown) ? Flag.RuleUnknown : Flag.NotStarted);
        return flags;
    }
}
