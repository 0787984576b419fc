namespace SimLedger.Rules;

public enum Severity { Error, Warning }

/// <summary>One thing wrong with a file that somebody wrote, said so that they can put it right.</summary>
/// <param name="JsonPath">Where in the file: <c>$.products[0].rules[1].clocks[0].length</c>.</param>
/// <param name="Cure">What to do about it.</param>
public sealed record Finding(Severity Severity, string File, string JsonPath, string Message, string Cure)
{
    /// <summary>For console and log, on one line whatever the file held.</summary>
    public override string ToString() => OneLine.Of($"{EnumNames.Of(Severity)}: {File}: {JsonPath}: {Message} {Cure}");
}
