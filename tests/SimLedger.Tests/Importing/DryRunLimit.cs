using System.Text;
using SimLedger.Rules;
using SimLedger.Server.Importing;

namespace SimLedger.Tests.Importing;

/// <summary>Goal: a dry run remembers a bounded number of cards. Method: cards that say nothing, so that as many as that cost little.</summary>
public sealed class DryRunLimit
{
    private const string Number = "+639000000001";

    [Fact]
    public async Task One_card_more_than_it_remembers_ends_it_with_the_cure()
    {
        var (rehearsal, row) = await Full();

        var error = Assert.Throws<FleetFileException>(() => Take(rehearsal, row, Guid.NewGuid()));

        Assert.Contains("50,000", error.Message, StringComparison.Ordinal);
        Assert.Contains("Divide the file", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Further_rows_about_the_cards_it_remembers_go_on()
    {
        var (rehearsal, row) = await Full();

        Assert.True(Take(rehearsal, row, Card(1)));
        Assert.True(Take(rehearsal, row, Card(Rehearsal.MostCards)));
    }

    [Fact]
    public async Task Cards_of_one_row_each_are_not_counted()
    {
        var (rehearsal, _) = await Full();
        var alone = RowReading.Of(new FleetRow(3, new Dictionary<string, string> { ["number"] = "+639000000002" }));

        Assert.True(Take(rehearsal, alone, Guid.NewGuid()));
    }

    private static async Task<(Rehearsal Rehearsal, RowReading Row)> Full()
    {
        await using var file = new MemoryStream(Encoding.UTF8.GetBytes($"number,carrier\n{Number},ph-tm\n{Number},ph-tm\n"));
        var rehearsal = new Rehearsal(await FileSurvey.Of(file, RulePackSet.Empty, CancellationToken.None));
        var row = RowReading.Of(new FleetRow(1, new Dictionary<string, string> { ["number"] = Number }));
        for (var card = 1; card <= Rehearsal.MostCards; card++) Assert.True(Take(rehearsal, row, Card(card)));
        return (rehearsal, row);
    }

    private static bool Take(Rehearsal rehearsal, RowReading row, Guid card) => rehearsal.TryTake(card, row, SimLedger.Cards.Card.Initial, [], Guid.NewGuid);

    private static Guid Card(int number) => new(number, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0);
}
