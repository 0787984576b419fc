namespace SimLedger.Rules.Explaining;

/// <summary>Says what is not known, or not sure.</summary>
internal sealed class UnknownStatements(LineWalk walk, Naming naming, WaysBack ways, RulePack? pack)
{
    public IEnumerable<Statement> Of(Question question, Standing standing, IReadOnlyList<RuleVersion> sources) =>
    [
        .. WithoutRule(question),
        .. FactsWithoutRule(standing),
        .. NotStarted(standing),
        .. Conflicts(),
        .. Money(standing),
        .. sources.SelectMany(Doubtful),
    ];

    private IEnumerable<Statement> WithoutRule(Question question)
    {
        if (pack is null)
        {
            yield return Statement.Of(StatementCode.CarrierWithoutRules, null);
            yield break;
        }

        if (pack.FindProduct(question.Product) is not { } product)
        {
            var known = ("products", (Datum)new Datum.Texts([.. pack.Products.Select(one => one.Code)]));
            yield return question.Product.Length == 0
                ? Statement.Of(StatementCode.ProductMissing, null, known)
                : Statement.Of(
                    StatementCode.ProductUnknown, null, ("carrier", new Datum.Name(pack.Name)), ("product", Naming.Text(question.Product)), known);
            yield break;
        }

        if (walk.Governing is not null) yield break;

        yield return Statement.Of(StatementCode.NoVersionGoverns, null, ("product", new Datum.Name(product.Name)), ("date", Naming.Day(walk.DayAsked)));
        foreach (var version in product.Rules)
        {
            if (walk.DayAsked < version.From || walk.DayAsked > version.To) continue;

            if (version.Region is { } region && question.Region is null)
            {
                yield return Statement.Of(StatementCode.RegionMissing, null, ("version", Naming.Text(version.Version)), ("region", Naming.Text(region)));
            }

            if (version.Cohort is not null && question.ActivatedOn is null && walk.Line.Timeline.FirstActivation() is null)
            {
                yield return Statement.Of(StatementCode.ActivationDateMissing, null, ("version", Naming.Text(version.Version)));
            }
        }
    }

    private IEnumerable<Statement> FactsWithoutRule(Standing standing)
    {
        var count = standing.Entries.Count(entry => entry.Outcome is Outcome.Unknown);
        if (count == 0) yield break;

        var first = walk.Entries.First(walked => walked.Outcome.Outcome is Outcome.Unknown);
        yield return Statement.Of(StatementCode.FactsWithoutRule, null, ("facts", new Datum.Facts(count)), ("date", Naming.Day(first.Taken.On)));
    }

    private IEnumerable<Statement> NotStarted(Standing standing)
    {
        if (standing.Clock is not null || walk.Governing is not { } governing) yield break;

        yield return Statement.Of(StatementCode.NothingStartedYet, null);
        foreach (var clock in governing.Clocks)
        {
            var starting = walk.Line.State.FindClock(clock.Id) is null ? ways.Starting(clock, governing) : ways.Of(clock.StartsOn);
            if (starting.Count > 0)
            {
                yield return Statement.Of(
                    StatementCode.WouldStart, null,
                    ("clock", naming.Clock(clock)), ("ways", new Datum.Ways(starting)), ("version", Naming.Text(governing.Version)));
            }
        }
    }

    /// <summary>Named once for each set of versions that met: each of their facts would say the same.</summary>
    private IEnumerable<Statement> Conflicts()
    {
        var named = new HashSet<string>(StringComparer.Ordinal);
        foreach (var walked in walk.Entries)
        {
            var versions = walk.GoverningVersions(walked.Taken.On).Select(version => version.Version).ToList();
            if (versions.Count > 1 && named.Add(string.Join('\n', versions)))
            {
                yield return Statement.Of(
                    StatementCode.ConflictingRules, null, ("date", Naming.Day(walked.Taken.On)), ("versions", new Datum.Texts(versions)));
            }
        }
    }

    private IEnumerable<Statement> Money(Standing standing)
    {
        var state = walk.Line.State;
        var others = walk.Entries.Count(walked =>
            (walked.Taken.Entry.Amount is not null || walked.Taken.Entry.BalanceAfter is not null) &&
            !walk.Line.Matching.IsInProductCurrency(walked.Taken.Entry));
        if (others > 0)
        {
            yield return Statement.Of(
                StatementCode.OtherCurrency, null, ("currency", Naming.Text(naming.Currency ?? "")), ("facts", new Datum.Facts(others)));
        }

        if (standing.Flags.Contains(Flag.OutsideLimits))
        {
            foreach (var walked in walk.Entries)
            {
                if (walked.Version is not { } version || !walk.Line.IsOutside(version.Limits, walked.Index)) continue;

                yield return Statement.Of(
                    StatementCode.OutsideLimits, null,
                    [("entry", naming.Fact(walked.Taken.Entry, walked.Taken.On)), .. Limits(version.Limits), ("version", Naming.Text(version.Version))]);
            }
        }

        if (state.Balance is not { } balance) yield break;

        (string, Datum)[] seen = [("balance", naming.Money(balance)), ("date", Naming.Day(state.BalanceOn))];
        if (standing.Flags.Contains(Flag.Arrears)) yield return Statement.Of(StatementCode.Arrears, null, seen);
        if (standing.Flags.Contains(Flag.DependsOnBalance)) yield return Statement.Of(StatementCode.DependsOnBalance, null, seen);
    }

    private IEnumerable<(string, Datum)> Limits(Limits limits)
    {
        if (limits.MinTopUp is { } least) yield return ("minTopUp", naming.Money(least));
        if (limits.MaxTopUp is { } most) yield return ("maxTopUp", naming.Money(most));
        if (limits.MaxPerMonth is { } perMonth) yield return ("maxPerMonth", naming.Money(perMonth));
    }

    private IEnumerable<Statement> Doubtful(RuleVersion version)
    {
        (string, Datum)[] data = [
            ("version", Naming.Text(version.Version)), ("source", new Datum.Quote(version.Source.Title)), ("checkedOn", Naming.Day(version.Source.CheckedOn)),
        ];
        if (version.Source.Confidence is Confidence.Unverified) yield return Statement.Of(StatementCode.Unverified, null, data);
        if (version.Source.Confidence is Confidence.User) yield return Statement.Of(StatementCode.UserReport, null, data);
        if (Evaluating.LocalCalendar.Add(version.Source.CheckedOn, new Term(1, TermUnit.Year)) < walk.DayAsked)
        {
            yield return Statement.Of(StatementCode.SourceOld, null, data);
        }
    }
}
