using SimLedger.Rules;

namespace SimLedger.Tests.Rules;

/// <summary>The examples of the format that every evaluator must agree with.</summary>
public class WorkedExamples
{
    private static readonly VectorRun Run = VectorFile.Run(File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "Rules", "vectors.json")), "vectors.json");

    public static TheoryData<string> Names => [.. Run.Vectors.Select(vector => vector.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void The_evaluator_answers_as_the_format_says(string name)
    {
        var vector = Run.Vectors.Single(vector => vector.Name == name);

        Assert.True(vector.Passed, string.Join('\n', new VectorRun([vector], []).Lines()));
    }

    [Fact]
    public void The_file_itself_is_in_order() => Assert.Equal($"{Run.Vectors.Count} passed, 0 failed", Run.Lines()[^1]);
}
