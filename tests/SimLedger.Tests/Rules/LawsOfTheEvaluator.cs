using FsCheck;
using FsCheck.Fluent;
using NodaTime;
using SimLedger.Rules;
using static SimLedger.Tests.Rules.RandomHistories;
using Outcome = SimLedger.Rules.Outcome;

namespace SimLedger.Tests.Rules;

/// <summary>What holds for every rule and every history. Goal and method of each stand above it.</summary>
public class LawsOfTheEvaluator
{
    private static readonly Config Often = Config.QuickThrowOnFailure.WithMaxTest(2_000);

    private static Gen<(RulePack Pack, Entry[] History, Instant AsOf)> Cases =>
        from pack in Packs
        from history in Histories
        from asOf in Instants
        select (pack, history, asOf);

    // Goal: facts may arrive in any order. Method: shuffle a history whose instants are distinct; the same is told of the line and of each entry.
    [Fact]
    public void The_order_of_recording_never_matters() =>
        Prop.ForAll(
            (from given in Cases from shuffled in Gen.Shuffle(given.History) select (given, shuffled)).ToArbitrary(),
            pair =>
            {
                var (pack, history, asOf) = pair.given;
                var (one, other) = (Ask(pack, history, asOf), Ask(pack, pair.shuffled, asOf));

                return Told(one) == Told(other) && one.HoldsUntil == other.HoldsUntil && Outcomes(one) == Outcomes(other);
            }).Check(Often);

    // Goal: an error put right leaves no trace in what is said. Method: void one entry; the same is told as if it had never been recorded.
    [Fact]
    public void Voiding_equals_never_having_recorded() =>
        Prop.ForAll(
            (from given in Cases where given.History.Length > 0 from target in Gen.Choose(0, given.History.Length - 1) select (given, target)).ToArbitrary(),
            pair =>
            {
                var (pack, history, asOf) = pair.given;
                var target = history[pair.target];
                if (target.Type is EntryType.Voided) return true; // A void cannot be voided.

                var voided = new Entry("void", EntryType.Voided, EntryTime.At(asOf), Voids: target.Id);
                var (with, without) = (Ask(pack, [.. history, voided], asOf), Ask(pack, [.. history.Where(entry => entry != target)], asOf));

                return Told(with) == Told(without) && with.HoldsUntil == without.HoldsUntil && with.Entries[pair.target].Outcome is Outcome.Voided;
            }).Check(Often);

    // Goal: paying early never costs days. Method: a rule of additions and maxima with every cut there is; no change of a running clock moves it back.
    [Fact]
    public void Add_and_max_never_shorten_a_running_clock() =>
        Prop.ForAll(
            (from history in Histories from asOf in Instants select (history, asOf)).ToArbitrary(),
            given => Ask(GrowingPack, [.. given.history.Where(entry => entry.Type is not EntryType.CarrierStated)], given.asOf)
                .Entries.SelectMany(entry => entry.Changes).All(change => change.ShortenedDays is null)).Check(Often);

    // Goal: the past can be asked about. Method: take away all entries after the instant; the same is told.
    [Fact]
    public void Nothing_that_happens_later_changes_what_is_told() =>
        Prop.ForAll(
            Cases.ToArbitrary(),
            given =>
            {
                var (pack, history, asOf) = given;
                Entry[] known = [.. history.Where(entry => entry.At.ToInstant(pack.Zone) <= asOf)];

                return Told(Ask(pack, history, asOf)) == Told(Ask(pack, known, asOf));
            }).Check(Often);

    // Goal: an answer may be kept until HoldsUntil. Method: ask again at a later instant before it; all but the stage and what runs is the same.
    // Half of the histories have nothing to come, so that versions alone decide.
    [Fact]
    public void An_answer_holds_as_long_as_it_says() =>
        Prop.ForAll(
            (from given in Cases from later in Gen.Choose(0, 24 * 60) from isOver in Gen.Elements(true, false) select (given, later, isOver)).ToArbitrary(),
            pair =>
            {
                var (pack, history, asOf) = pair.given;
                if (pair.isOver) history = [.. history.Where(entry => entry.At.ToInstant(pack.Zone) <= asOf)];
                var now = Ask(pack, history, asOf);
                var then = asOf + Duration.FromHours(pair.later);
                if (now.HoldsUntil <= then) return true;

                var asked = Ask(pack, history, then);
                return now.Stages.SequenceEqual(asked.Stages) && now.Flags.SequenceEqual(asked.Flags) && now.RenewBy == asked.RenewBy &&
                    now.Clocks.Select(clock => clock with { Running = false }).SequenceEqual(asked.Clocks.Select(clock => clock with { Running = false })) &&
                    asked.Stage == StageAt(now, then);
            }).Check(Often);

    // Goal: no typing error takes the service down. Method: dates, terms and amounts from the ends of what their types hold, among all else.
    [Fact]
    public void No_history_makes_it_throw()
    {
        LocalDate[] dates = [LocalDate.MinIsoValue, LocalDate.MinIsoValue.PlusDays(1), new(1, 1, 1), new(2025, 2, 28), LocalDate.MaxIsoValue.PlusDays(-1),
            LocalDate.MaxIsoValue, new LocalDate(1900, 1, 1, CalendarSystem.Julian)];
        decimal?[] amounts = [null, decimal.MinValue, -1, 0, 0.000001m, decimal.MaxValue];
        Term?[] periods = [null, new(int.MaxValue, TermUnit.Year), new(int.MinValue, TermUnit.Month), new(int.MaxValue, TermUnit.Day),
            new(int.MaxValue, TermUnit.Hour)];
        Instant[] instants = [Instant.MinValue, Instant.FromUtc(2025, 6, 1, 0, 0), Instant.MaxValue];
        var extremes =
            from history in Histories
            from date in Gen.ArrayOf(Gen.Elements(dates), history.Length)
            from end in Gen.ArrayOf(Gen.Elements(dates), history.Length)
            from amount in Gen.ArrayOf(Gen.Elements(amounts), history.Length)
            from period in Gen.ArrayOf(Gen.Elements(periods), history.Length)
            from pack in Packs
            from asOf in Gen.Elements(instants)
            from margin in Gen.Elements(int.MinValue, 0, int.MaxValue)
            select (pack, question: new Question(
                "p",
                [.. history.Select((entry, i) => entry with { At = i % 3 == 0 ? entry.At : EntryTime.On(date[i]), EndsOn = end[i], Amount = amount[i],
                    Period = period[i] })],
                asOf,
                ActivatedOn: date.FirstOrDefault(),
                MarginDays: margin,
                PrepareDays: margin));

        Prop.ForAll(extremes.ToArbitrary(), given => Evaluator.Evaluate(given.pack, given.question).Entries.Count == given.question.History.Count).Check(Often);
    }

    [Fact]
    public void Instants_beyond_the_calendar_stay_at_its_ends()
    {
        var zone = DateTimeZoneProviders.Tzdb["Asia/Manila"];

        Assert.Equal(Instant.MaxValue, EntryTime.At(new OffsetDateTime(LocalDate.MaxIsoValue.At(LocalTime.MaxValue), Offset.FromHours(-18))).ToInstant(zone));
        Assert.Equal(Instant.MinValue, EntryTime.At(new OffsetDateTime(LocalDate.MinIsoValue.AtMidnight(), Offset.FromHours(18))).ToInstant(zone));
        Assert.Equal(Instant.FromUtc(1, 1, 1, 0, 0), default(EntryTime).ToInstant(zone));
    }

    private static Stage StageAt(Standing standing, Instant instant)
    {
        if (standing.DeadlineAt is not { } deadline) return Stage.Unstarted;
        return instant < deadline ? Stage.Active : standing.Stages.Last(period => period.From <= instant).Stage;
    }

    private static string Outcomes(Standing standing) =>
        string.Join('|', standing.Entries
            .OrderBy(entry => entry.Id, StringComparer.Ordinal)
            .Select(entry => $"{entry.Id} {entry.Outcome} {string.Join(',', entry.Changes)}"));
}
