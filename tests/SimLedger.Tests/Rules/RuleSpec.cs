using NodaTime;
using NodaTime.Text;
using SimLedger.Rules;

namespace SimLedger.Tests.Rules;

/// <summary>Given a rule and a history, when a line is asked about, then this standing. Rules are written as JSON with single quotes.</summary>
internal static class RuleSpec
{
    public const string Days = "'unit':'day'";

    /// <summary>A clock "validity" of 30 days that an activation starts, with this extension and these further members.</summary>
    public static string Validity(string extendedBy, string more = "", string length = "{'n':30,'unit':'day'}") =>
        $"{{'id':'validity','kind':'validity','startsOn':[{{'on':'activated'}}],'length':{length},'extendedBy':[{extendedBy}]{more}}}";

    public static string Version(string clocks, string more = "", string version = "1", string effective = "{'from':'2010-01-01'}") =>
        $"{{'version':'{version}','effective':{effective},'source':{{'title':'example','checkedOn':'2026-11-21','confidence':'user'}}," +
            $"'clocks':[{clocks}]{more}}}";

    public static string PackJson(string rules, string zone = "Asia/Manila", string channels = "", string promotions = "", string offers = "") =>
        $$"""
        {'format':'simledger.rulepack/1','code':'xx-spec','name':{'en':'Spec'},'country':'PH','timeZone':'{{zone}}','contacts':[{'kind':'hotline','value':'*143#'}],'channels':[{{channels}}],
        'products':[{'code':'p','name':{'en':'P'},'currency':'PHP','offers':[{{offers}}],'promotions':[{{promotions}}],'rules':[{{rules}}]}]}
        """;

    public static RulePackReading Read(string json) => RulePackReader.Read(Utf8(json), "spec.json");

    public static ReadOnlyMemory<byte> Utf8(string json) => System.Text.Encoding.UTF8.GetBytes(json.Replace('\'', '"'));

    public static RulePack Pack(string rules, string zone = "Asia/Manila", string channels = "", string promotions = "", string offers = "")
    {
        var reading = Read(PackJson(rules, zone, channels, promotions, offers));
        return reading.Pack ?? throw new InvalidOperationException(string.Join('\n', reading.Findings));
    }

    public static Standing Ask(RulePack pack, string asOf, params Entry[] history) => Evaluator.Evaluate(pack, About(pack, asOf, history));

    public static Question About(RulePack pack, string asOf, params Entry[] history) => new("p", history, At(asOf).ToInstant(pack.Zone));

    public static Entry Activated(string at, string id = "a") => new(id, EntryType.Activated, At(at));

    public static Entry TopUp(string at, decimal? amount = null, string id = "t") => new(id, EntryType.TopUp, At(at), amount);

    public static Entry Balance(string at, decimal amount, string id = "b") => new(id, EntryType.Balance, At(at), amount);

    public static Entry Stated(string at, string endsOn, string id = "s") => new(id, EntryType.CarrierStated, At(at), EndsOn: Date(endsOn));

    public static EntryTime At(string text) =>
        text.Length == 10 ? EntryTime.On(Date(text)) : EntryTime.At(OffsetDateTimePattern.Rfc3339.Parse(text).Value);

    public static LocalDate Date(string text) => LocalDatePattern.Iso.Parse(text).Value;

    public static Instant Instant(string text) => InstantPattern.ExtendedIso.Parse(text).Value;

    /// <summary>What became of the entry with this id.</summary>
    public static EntryOutcome Entry(this Standing standing, string id) => standing.Entries.Single(entry => entry.Id == id);

    public static ClockState Clock(this Standing standing, string id) => standing.Clocks.Single(clock => clock.Id == id);
}
