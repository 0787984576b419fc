namespace SimLedger.Rules.Quoting;

/// <summary>The wording of warnings and reasons, by code, or by code and variant.</summary>
internal static class SentenceTable
{
    public static readonly IReadOnlyDictionary<string, (string English, string Chinese)> Warnings = new Dictionary<string, (string, string)>
    {
        ["ruleUnknown"] = ("No rule is known for that day: nobody can say what this does.", "当日无适用规则，无法判断此操作的效果。"),
        ["tooLate"] = ("Too late: the line is {stage}, and this does not bring it back.", "为时已晚：号码处于{stage}，此操作无法恢复。"),
        ["movesNothing"] = ("This moves nothing: the end stays {day}.", "此操作不会延长有效期：仍到 {day}。"),
        ["movesNothing.unstarted"] = ("This moves nothing: the line does not start by it.", "此操作不起作用：不会使号码开始计期。"),
        ["notUsable"] = ("{channel} needs a physical SIM; this card is an eSIM.", "{channel}需要实体卡，而此卡是电子 SIM 卡。"),
        ["notUsable.capability"] = ("The product has no {capability}.", "该产品不支持{capability}。"),
        ["closed"] = ("{channel} is closed that day; it opens on {day}.", "{channel}当日不营业，{day} 开放。"),
        ["notOnSale"] = ("{name} is not on sale that day ({period}).", "{name} 当日不在售（{period}）。"),
        ["notOnSale.channel"] = ("{name} is not sold through {channel}.", "{name} 不在{channel}出售。"),
        ["belowMinimum"] = ("Below the least amount, {limit}.", "低于最低金额 {limit}。"),
        ["belowMinimum.carrier"] = ("The carrier takes no less than {limit}.", "运营商最低充值金额为 {limit}。"),
        ["belowMinimum.channel"] = ("The channel takes no less than {limit}.", "该渠道最低金额为 {limit}。"),
        ["belowMinimum.rule"] = ("It takes {limit} to move anything.", "至少 {limit} 才有效果。"),
        ["aboveMaximum"] = ("Above the greatest amount, {limit}.", "超过最高金额 {limit}。"),
        ["aboveMaximum.carrier"] = ("The carrier takes no more than {limit} at once.", "运营商单次最高充值金额为 {limit}。"),
        ["aboveMaximum.month"] = ("The carrier takes no more than {limit} in a month, what was topped up before included.", "运营商每月最多充值 {limit}，含本月已充值金额。"),
        ["aboveMaximum.channel"] = ("The channel takes no more than {limit}.", "该渠道最高金额为 {limit}。"),
        ["wrongCurrency"] = ("The amount is in {currency}, the product in {productCurrency}: no rule can compare them.", "金额为 {currency}，而产品币种为 {productCurrency}，规则无法比较。"),
        ["creditedAfterDeadline"] = ("Credited on {day}, after the line's stage ends on {to}: it may be too late.", "{day} 才到账，晚于 {to} 的截止日，可能来不及。"),
        ["shortens"] = ("The end moves {days} earlier, from {from} to {to}.", "有效期会缩短 {days} 天：从 {from} 变为 {to}。"),
        ["tooEarly"] = ("Too early: done {days} later, on {day}, it gives {lostDays} more.", "过早：推迟 {days} 天，到 {day} 再办，可多得 {lostDays} 天。"),
        ["wastes"] = ("{days} are wasted.", "会浪费 {days} 天。"),
        ["promotionNotOpen"] = ("The promotion {name} ({period}) does not apply to this.", "优惠活动 {name}（{period}）不适用于此操作。"),
        ["thirdParty"] = ("{channel}: nobody vouches for this third party.", "{channel}：第三方平台，信誉未知。"),
        ["conflictingRules"] = ("Several rules contradict each other; the earliest date is told.", "多条规则互相矛盾，按最早的日期计算。"),
        ["afterRenewBy"] = ("After the last safe day, {day}.", "已过续费截止日 {day}。"),
        ["needsPhysicalSim"] = ("{channel} needs the physical SIM at hand.", "{channel}需要实体卡在手。"),
        ["needsIdentityDocument"] = ("{channel} needs an identity document.", "{channel}需要身份证件。"),
        ["needsPortalAccount"] = ("{channel} needs an account at the carrier's portal.", "{channel}需要运营商网站账号。"),
        ["unverified"] = ("Nobody has verified this rule ({name}).", "该规则（{name}）未经核实。"),
        ["priceUnknown"] = ("Nobody says what it costs.", "费用未知。"),
    };

    public static readonly IReadOnlyDictionary<string, (string English, string Chinese)> Reasons = new Dictionary<string, (string, string)>
    {
        ["cheapestPerDay"] = ("The cheapest by the day: {amount}.", "每日费用最低：{amount}。"),
        ["costPerDay"] = ("{amount} by the day.", "每日 {amount}。"),
        ["costUnknown"] = ("What a day costs is not known.", "每日费用未知。"),
        ["safest"] = ("The safest of all.", "最稳妥的方式。"),
        ["keepsUntil"] = ("Keeps the number {days} longer, until {day}.", "可多保 {days} 天，到 {day}。"),
        ["starts"] = ("Starts the line: {days}, until {day}.", "使号码开始计期：{days} 天，到 {day}。"),
        ["rescues"] = ("Brings the line back: {days}, until {day}.", "可恢复号码：{days} 天，到 {day}。"),
        ["freesOfEnd"] = ("Frees the line of its end.", "解除到期限制。"),
        ["carrierChannel"] = ("{channel} is the carrier's own.", "{channel}是运营商官方渠道。"),
        ["trustedChannel"] = ("{channel} is trusted.", "{channel}是可信渠道。"),
        ["unknownTrust"] = ("Nobody vouches for {channel}.", "{channel}信誉未知。"),
        ["online"] = ("Can be done online.", "可在线办理。"),
        ["needsNothing"] = ("Needs neither SIM nor document nor account.", "无需实体卡、证件或账号。"),
        ["creditedAtOnce"] = ("Credited the same day.", "当日到账。"),
        ["creditTakesDays"] = ("Credited after {days}.", "{days} 天后到账。"),
        ["usesTheSim"] = ("Needs the SIM in a phone; what it costs is the tariff's.", "需将卡插入手机使用，按资费计费。"),
        ["underPromotion"] = ("Under the promotion {name}, until {to}.", "适用优惠活动 {name}，截至 {to}。"),
        ["movedToOpenDay"] = ("{channel} is closed on {from}; counted for {day}.", "{channel} {from} 不营业，按 {day} 计算。"),
        ["ruleConfidence"] = ("The rule ({name}) is {confidence}.", "规则（{name}）：{confidence}。"),
    };

    public static string Stage(Stage stage, bool chinese) => stage switch
    {
        Rules.Stage.Unstarted => chinese ? "未开始" : "not started",
        Rules.Stage.Active => chinese ? "有效期内" : "active",
        Rules.Stage.Lapsed => chinese ? "失效" : "lapsed",
        Rules.Stage.Grace => chinese ? "宽限期" : "in grace",
        Rules.Stage.Suspended => chinese ? "停机" : "suspended",
        Rules.Stage.Reclaimable => chinese ? "可找回期" : "reclaimable",
        Rules.Stage.Quarantine => chinese ? "冻结期" : "in quarantine",
        _ => chinese ? "丢号" : "lost",
    };

    public static string Confidence(Confidence confidence, bool chinese) => confidence switch
    {
        Rules.Confidence.Official => chinese ? "运营商官方说明" : "the carrier's own word",
        Rules.Confidence.Secondary => chinese ? "二手资料" : "from secondary sources",
        Rules.Confidence.User => chinese ? "用户经验" : "users' experience",
        _ => chinese ? "未经核实" : "unverified",
    };

    public static string Capability(Capability capability, bool chinese) => capability switch
    {
        Rules.Capability.Voice => chinese ? "通话" : "calls",
        Rules.Capability.Sms => chinese ? "短信" : "messages",
        _ => chinese ? "流量" : "data",
    };
}
