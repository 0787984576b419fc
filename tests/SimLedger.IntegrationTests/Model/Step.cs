using FsCheck;
using FsCheck.Fluent;

namespace SimLedger.IntegrationTests.Model;

/// <summary>What a step does; the numbers of the step say with what.</summary>
public enum Act
{
    Advance, Register, AttachLine, Activate, TopUp, Renew, Use, SeeBalance, StateExpiry, RegisterIdentity, CheckStatus, Void, ChangeNumber, ReplaceSim, ReportSim, ChangeProduct,
    IdentifyCarrier, SwitchCarrier, Detach, Describe, Retire, Reopen, Repeat, ReuseKey, UnknownCard, UnknownLine, MissingLine, ReadCard, ReadDueList,
}

/// <summary>A step in numbers, so that it means something whatever stands before it: a list of steps can be made shorter anywhere.</summary>
/// <param name="Card">Which of the cards that there are, counted round.</param>
/// <param name="Line">Which of its lines, counted round.</param>
public sealed record Step(Act Act, int Card, int Line, int A, int B, int C)
{
    public override string ToString() => $"{Act}({Card},{Line},{A},{B},{C})";
}

/// <summary>Steps of one organisation, from its first card on.</summary>
public sealed record Script(IReadOnlyList<Step> Steps)
{
    public override string ToString() => string.Join('\n', Steps);
}

/// <summary>Scripts as FsCheck draws and shortens them.</summary>
internal static class Scripts
{
    private static readonly (int Weight, Act Act)[] Weights =
    [
        (8, Act.Advance), (10, Act.Register), (3, Act.AttachLine), (8, Act.Activate), (14, Act.TopUp), (8, Act.Renew), (6, Act.Use), (6, Act.SeeBalance), (6, Act.StateExpiry),
        (4, Act.RegisterIdentity), (5, Act.CheckStatus), (9, Act.Void), (5, Act.ChangeNumber), (4, Act.ReplaceSim), (4, Act.ReportSim), (4, Act.ChangeProduct), (2, Act.IdentifyCarrier),
        (3, Act.SwitchCarrier), (2, Act.Detach), (7, Act.Describe), (2, Act.Retire), (6, Act.Reopen), (5, Act.Repeat), (3, Act.ReuseKey), (1, Act.UnknownCard), (2, Act.UnknownLine),
        (2, Act.MissingLine), (4, Act.ReadCard), (10, Act.ReadDueList),
    ];

    public static Arbitrary<Script> Of(int steps) => Arb.From(
        Step.ListOf(steps).Select(list => new Script([new Step(Act.Register, 0, 0, 1, 0, 0), .. list.Skip(1)])), Shorter);

    private static Gen<int> Number => Gen.Choose(0, 999);

    private static Gen<Step> Step =>
        from act in Gen.Frequency(Weights.Select(w => (w.Weight, Gen.Constant(w.Act))))
        from card in Gen.Choose(0, 9)
        from line in Gen.Choose(0, 2)
        from a in Number
        from b in Number
        from c in Number
        select new Step(act, card, line, a, b, c);

    /// <summary>Without runs of steps, long ones first: a script fails at its last step, so few tries make it short.</summary>
    private static IEnumerable<Script> Shorter(Script script)
    {
        var steps = script.Steps;
        for (var length = steps.Count / 2; length > 0; length /= 2)
        {
            for (var at = 0; at < steps.Count; at += length)
            {
                yield return new Script([.. steps.Take(at), .. steps.Skip(at + length)]);
            }
        }
    }
}
