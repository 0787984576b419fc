using SimLedger.Rules;

namespace SimLedger.Cards;

public static partial class CardEventJson
{
    private static string? Name(FormFactor? formFactor) => formFactor switch
    {
        null => null,
        FormFactor.Physical => "physical",
        FormFactor.Esim => "esim",
        _ => throw new InvalidOperationException($"No stored form for {formFactor}."),
    };

    private static string? Name(Importance? importance) => importance switch
    {
        null => null,
        Importance.Normal => "normal",
        Importance.High => "high",
        Importance.Critical => "critical",
        _ => throw new InvalidOperationException($"No stored form for {importance}."),
    };

    private static string Name(TermUnit unit) => unit switch
    {
        TermUnit.Hour => "hour",
        TermUnit.Day => "day",
        TermUnit.Month => "month",
        TermUnit.Year => "year",
        _ => throw new InvalidOperationException($"No stored form for {unit}."),
    };

    private static string Name(SimCondition condition) => condition switch
    {
        SimCondition.InOrder => "inOrder",
        SimCondition.Lost => "lost",
        SimCondition.Damaged => "damaged",
        _ => throw new InvalidOperationException($"No stored form for {condition}."),
    };

    private static string Name(UsageKind kind) => kind switch
    {
        UsageKind.Call => "call",
        UsageKind.Sms => "sms",
        UsageKind.Mms => "mms",
        UsageKind.Data => "data",
        _ => throw new InvalidOperationException($"No stored form for {kind}."),
    };

    private static string? Name(Direction? direction) => direction switch
    {
        null => null,
        Direction.Out => "out",
        Direction.In => "in",
        _ => throw new InvalidOperationException($"No stored form for {direction}."),
    };

    private static string? Name(Stage? stage) => stage switch
    {
        null => null,
        Stage.Unstarted => "unstarted",
        Stage.Active => "active",
        Stage.Lapsed => "lapsed",
        Stage.Grace => "grace",
        Stage.Suspended => "suspended",
        Stage.Reclaimable => "reclaimable",
        Stage.Quarantine => "quarantine",
        Stage.Lost => "lost",
        _ => throw new InvalidOperationException($"No stored form for {stage}."),
    };

    private static SimCondition ReadCondition(string name) => name switch
    {
        "inOrder" => SimCondition.InOrder,
        "lost" => SimCondition.Lost,
        "damaged" => SimCondition.Damaged,
        _ => throw new InvalidDataException($"No condition of a SIM is called {name}."),
    };

    private static UsageKind ReadUsageKind(string name) => name switch
    {
        "call" => UsageKind.Call,
        "sms" => UsageKind.Sms,
        "mms" => UsageKind.Mms,
        "data" => UsageKind.Data,
        _ => throw new InvalidDataException($"No kind of use is called {name}."),
    };

    private static Direction? ReadDirection(string? name) => name switch
    {
        null => null,
        "out" => Direction.Out,
        "in" => Direction.In,
        _ => throw new InvalidDataException($"No direction is called {name}."),
    };

    private static Stage? ReadStage(string? name) => name switch
    {
        null => null,
        "unstarted" => Stage.Unstarted,
        "active" => Stage.Active,
        "lapsed" => Stage.Lapsed,
        "grace" => Stage.Grace,
        "suspended" => Stage.Suspended,
        "reclaimable" => Stage.Reclaimable,
        "quarantine" => Stage.Quarantine,
        "lost" => Stage.Lost,
        _ => throw new InvalidDataException($"No stage is called {name}."),
    };

    private static FormFactor? ReadFormFactor(string? name) => name switch
    {
        null => null,
        "physical" => FormFactor.Physical,
        "esim" => FormFactor.Esim,
        _ => throw new InvalidDataException($"No form factor is called {name}."),
    };

    private static Importance? ReadImportance(string? name) => name switch
    {
        null => null,
        "normal" => Importance.Normal,
        "high" => Importance.High,
        "critical" => Importance.Critical,
        _ => throw new InvalidDataException($"No importance is called {name}."),
    };

    private static TermUnit ReadUnit(string name) => name switch
    {
        "hour" => TermUnit.Hour,
        "day" => TermUnit.Day,
        "month" => TermUnit.Month,
        "year" => TermUnit.Year,
        _ => throw new InvalidDataException($"No unit of a term is called {name}."),
    };
}
