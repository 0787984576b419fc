using NodaTime;

namespace SimLedger.Rules.Planning;

/// <summary>What is asked of the planner.</summary>
/// <param name="From">Now. What happened later is not known yet and counts for nothing; no action is planned earlier.</param>
/// <param name="Horizon">Days or months to plan for, counted from today in the line's zone; at most <see cref="MostMonths"/> months. The last day is one on which lines must still be safe.</param>
/// <param name="MarginDays">Days that an end date is never to come closer than. 0 to <see cref="MostMargin"/>.</param>
/// <param name="PreferredChannels">Codes or kinds; where two schedules cost the same, the one with more of them is taken. Null: no preference. A line's own come first.</param>
/// <param name="BatchDays">
/// Days that an action may be moved before its last safe day so that it shares a visit with others; never at a price. 0: each on its own day. At most <see cref="MostBatch"/>.
/// </param>
/// <param name="UnpricedToo">Whether what nobody names a price of (a call, a registration, a top-up of any amount) may be planned where nothing priced serves.</param>
public sealed record PlanRequest(
    Instant From, Term Horizon, int MarginDays = 7, IReadOnlyList<string>? PreferredChannels = null, int BatchDays = 30, bool UnpricedToo = true)
{
    /// <summary>Nobody's price list reaches further.</summary>
    public const int MostMonths = 36;

    public const int MostMargin = 365;

    public const int MostBatch = 366;
}

/// <summary>A line to be planned for.</summary>
/// <param name="Id">For the answer only; need not be unique.</param>
/// <param name="Question">Its product and history. The instant, the margin and the channel asked there are not used: the request's are.</param>
/// <param name="FormFactor">An eSIM cannot use channels that need a physical SIM. Null, not known: taken to be physical.</param>
/// <param name="PreferredChannels">Null: the request's.</param>
/// <param name="Rank">0 is the most important; orders what needs attention.</param>
public sealed record PlanLine(
    string Id, RulePack Pack, Question Question, FormFactor? FormFactor = null, IReadOnlyList<string>? PreferredChannels = null, int Rank = 2);
