namespace SimLedger.Rules.Reading;

/// <summary>
/// The most a file may hold. Several times what any carrier needs; they keep the work on a file that somebody wrote in proportion, and
/// docs/rulepack.schema.json names the same numbers.
/// </summary>
internal static class Bounds
{
    /// <summary>UTF-16 units of one text.</summary>
    public const int Text = 4_000;

    /// <summary>UTF-16 units of a member's name.</summary>
    public const int Name = 200;

    /// <summary>Members of one object.</summary>
    public const int Members = 1_000;

    /// <summary>Items of a list that has no bound of its own.</summary>
    public const int Items = 1_000;

    public const int Channels = 200;

    public const int Products = 200;

    /// <summary>Of one product: one a week for ten years. Each is compared with each.</summary>
    public const int Versions = 500;

    /// <summary>Of one version, as are stages.</summary>
    public const int Clocks = 20;

    public const int Stages = 20;

    /// <summary>Of one clock; the same for the tiers of one extension.</summary>
    public const int Extensions = 100;

    /// <summary>Of one list: what starts or stops a clock, what leaves a stage.</summary>
    public const int Triggers = 50;

    /// <summary>Of one vector file.</summary>
    public const int Vectors = 100_000;

    /// <summary>Entries of one vector's history.</summary>
    public const int History = 10_000;
}
