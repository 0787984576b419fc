using FsCheck;
using FsCheck.Fluent;
using NodaTime;
using SimLedger.Rules;
using SimLedger.Rules.Quoting;

namespace SimLedger.Tests.Rules;

/// <summary>What holds for every quote. Goal and method of each stand above it.</summary>
public class LawsOfQuotes
{
    private static readonly Config Often = Config.QuickThrowOnFailure.WithMaxTest(500);
    private static readonly LocalDate FirstDay = new(2025, 1, 1);

    /// <summary>The shipped packs, and two of our own with offers, promotions and every channel need.</summary>
    private static readonly RulePack[] Packs = [.. Shipped(), Selling(RandomHistories.RichPack), Selling(RandomHistories.GrowingPack)];

    private static Gen<(RulePack Pack, Question Line, LocalDate On)> Lines =>
        from pack in Gen.Elements(Packs)
        from history in RandomHistories.Histories
        from asOf in RandomHistories.Instants
        from later in Gen.Choose(0, 200)
        from product in Gen.Frequency((9, Gen.Elements<Product?>([.. pack.Products])), (1, Gen.Constant<Product?>(null)))
        from channel in Gen.Elements<string?>([null, .. pack.Channels.Select(channel => channel.Code)])
        let line = new Question(product?.Code ?? "no such", [.. history.Select(entry => entry.Channel == "web" ? entry with { Channel = channel } : entry)], asOf, Channel: channel)
        select (pack, line, asOf.InZone(pack.Zone).Date.PlusDays(later));

    private static Gen<KeepingAction> Actions(RulePack pack, Question line) =>
        from type in Gen.Elements(EntryType.TopUp, EntryType.Renewed, EntryType.Extended, EntryType.Usage, EntryType.Registered)
        from amount in Gen.Elements<decimal?>(null, 0, 8, 20, 49.99m, 50, 1000, 9_999_999_999_999.999999m)
        from currency in Gen.Frequency((9, Gen.Constant<string?>(null)), (1, Gen.Constant<string?>("USD")))
        from offer in Gen.Elements<Offer?>([null, .. pack.FindProduct(line.Product)?.Offers ?? []])
        from promotion in Gen.Elements<Promotion?>([null, .. pack.FindProduct(line.Product)?.Promotions ?? []])
        from channel in Gen.Elements<Channel?>([null, .. pack.Channels])
        from usage in Gen.Elements(UsageKind.Sms, UsageKind.Data)
        select type is EntryType.Usage
            ? new KeepingAction(type, Usage: usage)
            : new KeepingAction(offer is null ? type : KeepingActions.TypeOf(offer.Kind), offer?.Amount ?? amount, offer, channel, promotion) { Currency = currency };

    private static Gen<(RulePack Pack, Question Line, LocalDate On, KeepingAction Action, FormFactor? Card)> Cases =>
        from line in Lines
        from action in Actions(line.Pack, line.Line)
        from card in Gen.Elements<FormFactor?>(null, FormFactor.Physical, FormFactor.Esim)
        select (line.Pack, line.Line, line.On, action, card);

    // Goal: a quote is what the evaluator says, no more. Method: evaluate with and without the fact ourselves, compare standings and days between.
    [Fact]
    public void A_quote_lies_between_two_answers_of_the_evaluator() => ForAll(given =>
    {
        var (pack, line, on, action, card) = given;
        var quote = Quoter.Quote(pack, line, action, on, card);

        var isToday = on == line.AsOf.InZone(pack.Zone).Date;
        var then = line with { AsOf = isToday ? line.AsOf : on.AtStartOfDayInZone(pack.Zone).ToInstant(), Channel = action.Channel?.Code ?? line.Channel };
        var fact = action.EntryAt("ours", isToday ? EntryTime.At(line.AsOf) : EntryTime.On(on));
        var (before, after) = (Evaluator.Evaluate(pack, then), Evaluator.Evaluate(pack, then with { History = [.. line.History, fact] }));
        var days = after.EndsOn is null ? (before.EndsOn is null ? 0 : null) : (int?)Period.DaysBetween(Later(on, before.EndsOn), Later(on, after.EndsOn));

        return RandomHistories.Told(quote.Before) == RandomHistories.Told(before) && RandomHistories.Told(quote.After) == RandomHistories.Told(after) &&
            quote.DaysKept == days && quote.Outcome == after.Entries[^1].Outcome && quote.Changes.SequenceEqual(after.Entries[^1].Changes);
    });

    // Goal: money adds up. Method: total and cost per day from their parts.
    [Fact]
    public void Total_and_cost_of_a_day_follow_from_the_parts() => ForAll(given =>
    {
        var quote = Quoter.Quote(given.Pack, given.Line, given.Action, given.On, given.Card);
        if (quote.Price is not { } price) return quote.CostPerDay is null && quote.Warnings.Any(warning => warning.Code is WarningCode.PriceUnknown);

        var fee = price.ChannelFee is { } taken && taken.Currency == quote.Currency ? taken.Amount : 0;
        var cost = quote.DaysKept > 0 ? decimal.Round((price.Total + fee) / quote.DaysKept.Value, 4, MidpointRounding.ToEven) : (decimal?)null;
        return price.Total == price.Base + price.AddOn + price.Handling - price.Discount && price is { Base: >= 0, AddOn: >= 0, Handling: >= 0, Discount: >= 0, Total: >= 0 } &&
            quote.CostPerDay == cost;
    });

    // Goal: what a quote advises is true. Method: quote again on the day it names.
    [Fact]
    public void The_days_a_quote_names_hold_what_it_says() => ForAll(given =>
    {
        var (pack, line, on, action, card) = given;
        var quote = Quoter.Quote(pack, line, action, on, card);
        var early = quote.Warnings.SingleOrDefault(warning => warning.Code is WarningCode.TooEarly)?.Data;
        var better = early is null ? null : Quoter.Quote(pack, line, action, early.Day!.Value, card);
        var last = quote.LastDay is { } day ? Quoter.Quote(pack, line, action, day, card) : null;

        return (better is null || (better.After.EndsOn >= quote.After.EndsOn!.Value.PlusDays(early!.LostDays!.Value) && early is { Days: > 0, LostDays: > 0 } && IsOpen(action, better.On))) &&
            (last is null || (last.Keeps && last.On >= on && IsOpen(action, last.On)));
    });

    // Goal: who reads the first warnings reads the gravest. Method: order, and what an obstacle means.
    [Fact]
    public void What_blocks_stands_first_and_is_not_usable() => ForAll(given =>
    {
        var quote = Quoter.Quote(given.Pack, given.Line, given.Action, given.On, given.Card);
        var severities = quote.Warnings.Select(warning => warning.Severity).ToList();

        return severities.SequenceEqual(severities.Order()) && quote.Warnings.All(warning => IsWhole(QuoteSentences.Of(warning, "en")) && IsWhole(QuoteSentences.Of(warning, "zh-Hans"))) &&
            quote.IsUsable == (quote.Keeps && !severities.Contains(WarningSeverity.Blocks)) &&
            quote.Warnings.Any(warning => warning.Code is WarningCode.MovesNothing) == (quote.Before.EndsOn == quote.After.EndsOn && quote.Before.Stage == quote.After.Stage);
    });

    // Goal: options are quotes. Method: quote each alone on its day; the same is told. Both orders are whole, the cheaper never behind.
    [Fact]
    public void Each_option_is_the_quote_of_its_action_and_the_cheapest_goes_first() => Prop.ForAll(Lines.ToArbitrary(), given =>
    {
        var (pack, line, on) = given;
        var history = line.History.ToArray();
        var options = Quoter.Options(pack, line, on, FormFactor.Esim);
        var costs = options.Select(option => option.Quote.CostPerDay ?? decimal.MaxValue).ToList();

        return options.All(option => option.Quote.IsUsable && Told(option.Quote) == Told(Quoter.Quote(pack, line, option.Quote.Action, option.Quote.On, FormFactor.Esim))) &&
            options.SelectMany(option => option.Why).All(reason => IsWhole(QuoteSentences.Of(reason, "en")) && IsWhole(QuoteSentences.Of(reason, "zh-Hans"))) &&
            costs.SequenceEqual(costs.Order()) && Ranks(options, option => option.CostRank) && Ranks(options, option => option.SafetyRank) &&
            options.Best(3).Count == Math.Min(3, options.Count) && line.History.SequenceEqual(history);
    }).Check(Often);

    // Goal: no day takes the service down. Method: days and instants from the ends of the calendar, and of another calendar.
    [Fact]
    public void No_day_makes_it_throw()
    {
        LocalDate[] days = [LocalDate.MinIsoValue, new(1, 1, 1), new(2025, 2, 28), new(1900, 1, 1, CalendarSystem.Julian), LocalDate.MaxIsoValue.PlusDays(-1), LocalDate.MaxIsoValue];
        Instant[] instants = [Instant.MinValue, Instant.FromUtc(2025, 6, 1, 0, 0), Instant.MaxValue];
        var extremes =
            from given in Cases
            from day in Gen.Elements(days)
            from asOf in Gen.Elements(instants)
            select given with { On = day, Line = given.Line with { AsOf = asOf } };

        Prop.ForAll(extremes.ToArbitrary(), given =>
            Quoter.Quote(given.Pack, given.Line, given.Action, given.On, given.Card).Warnings.Count < 20 && Quoter.Options(given.Pack, given.Line, given.On).Count < 100).Check(Often);
    }

    private static void ForAll(Func<(RulePack Pack, Question Line, LocalDate On, KeepingAction Action, FormFactor? Card), bool> law) => Prop.ForAll(Cases.ToArbitrary(), law).Check(Often);

    private static string Told(Quote quote) => string.Join(
        '|',
        quote with { Before = null!, After = null!, Changes = [], Stopped = [], MissedPromotions = [], Warnings = [] },
        RandomHistories.Told(quote.Before), RandomHistories.Told(quote.After),
        string.Join(',', quote.Changes), string.Join(',', quote.Stopped), string.Join(',', quote.MissedPromotions), string.Join(',', quote.Warnings));

    /// <summary>No hole where a figure should stand.</summary>
    private static bool IsWhole(string sentence) => !sentence.Contains("  ", StringComparison.Ordinal) && !sentence.Contains(" .", StringComparison.Ordinal) &&
        !sentence.Contains(" ,", StringComparison.Ordinal) && !sentence.Contains("()", StringComparison.Ordinal) && !sentence.StartsWith(' ');

    private static bool Ranks(OptionList options, Func<RankedQuote, int> rank) => options.Select(rank).Order().SequenceEqual(Enumerable.Range(1, options.Count));

    private static LocalDate Later(LocalDate on, LocalDate? end) => end is { } day && day > on ? day : on;

    private static bool IsOpen(KeepingAction action, LocalDate day) => action.Channel?.ClosedOn.Contains(day.DayOfWeek) is not true;

    private static RulePack Selling(RulePack pack)
    {
        var shelf = RuleSpec.Pack(
            RuleSpec.Version(RuleSpec.Validity("")),
            channels: "{'code':'web','kind':'site','online':true,'trust':'carrier','closedOn':['sun'],'leadDays':2,'minAmount':'20'}," +
                "{'code':'kiosk','kind':'kiosk','online':false,'trust':'trusted','needs':['physicalSim','identityDocument'],'creditTakesDays':3,'closedOn':['sat','sun'],'fee':{'amount':'2','currency':'PHP'}}," +
                "{'code':'elsewhere','kind':'thirdParty','online':true,'trust':'unknown','needs':['portalAccount'],'maxAmount':'100','fee':{'amount':'1','currency':'USD'}}",
            offers: "{'code':'small','kind':'topUp','amount':'20','credit':'18','to':'2025-09-30'},{'code':'large','kind':'topUp','amount':'100','channels':['site','kiosk']}," +
                "{'code':'month','kind':'renewal','amount':'30','period':{'n':1,'unit':'month'},'fees':[{'kind':'addOn','amount':'4'},{'kind':'handling','amount':'1.50'}]}," +
                "{'code':'more','kind':'extension','amount':'9.99','period':{'n':45,'unit':'day'},'from':'2025-02-01'}",
            promotions: "{'code':'PLUS','from':'2025-01-01','to':'2025-12-31','channels':['site'],'effect':{'bonusDays':7,'discountPercent':'12.5'}}," +
                "{'code':'GIFT','from':'2025-03-01','to':'2025-06-30','offers':['month'],'effect':{'getFree':'a bag','bonusData':'2 GB'}}");
        var (own, shelved) = (pack.Products[0], shelf.Products[0]);
        return pack with { Channels = shelf.Channels, Products = [own with { Offers = shelved.Offers, Promotions = shelved.Promotions }] };
    }

    private static IEnumerable<RulePack> Shipped() =>
        from file in Directory.EnumerateFiles(Path.Combine(AppContext.BaseDirectory, "RulePacks"), "*.json").Order(StringComparer.Ordinal)
        where !file.EndsWith(".vectors.json", StringComparison.Ordinal)
        select RulePackReader.Read(File.ReadAllBytes(file), Path.GetFileName(file), FirstDay).Pack!;
}
