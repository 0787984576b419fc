using System.Net;
using SimLedger.IntegrationTests.Http;

namespace SimLedger.IntegrationTests.RulesChange;

/// <summary>The administrator changes what all share: told first, done when confirmed, kept over restarts.</summary>
public sealed class SharedPacks
{
    [Fact]
    public async Task Publishing_and_withdrawing_for_all_moves_the_lines_of_those_without_a_pack_of_their_own()
    {
        var database = await TestDatabase.Create();
        await using var host = await ApiHost.Start(database.App, TimeProvider.System);
        var (client, own) = (await host.NewOrganisation(), await host.NewOrganisation());
        var today = DateTime.UtcNow.Date;
        var card = await Packs.Line(client, "ph-tm", "+639170000041", $"{today:yyyy-MM-dd}");
        var untouched = await Packs.Line(own, "ph-tm", "+639170000042", $"{today:yyyy-MM-dd}");
        await Packs.Publish(own, "ph-tm", Packs.Change(Packs.Of("ph-tm", 50)));
        var file = Path.Combine(Path.GetTempPath(), $"{Guid.NewGuid():N}.json");
        await File.WriteAllTextAsync(file, Packs.Of("ph-tm", 100));
        var owner = new Dictionary<string, string> { ["ConnectionStrings__SimLedgerOwner"] = database.Superuser };

        var told = await ServerProcess.Run(["rules", "publish", file], database.App, owner);
        Assert.Equal(0, told.ExitCode);
        Assert.Contains($"{client.Tenant}: 1 lines, 1 move (1 earlier)", told.Output, StringComparison.Ordinal);
        Assert.Contains($"{own.Tenant}: has a pack of its own", told.Output, StringComparison.Ordinal);
        Assert.Contains("--confirm", told.Output, StringComparison.Ordinal);
        Assert.Equal("shared", (await client.Get("/v1/carriers/ph-tm")).Json.GetProperty("scope").GetString());
        Assert.Equal("v50", (await Packs.LineOf(own, untouched)).GetProperty("ruleVersion").GetString());
        Assert.NotEqual("v100", (await Packs.LineOf(client, card)).GetProperty("ruleVersion").GetString());

        Assert.Equal(0, (await ServerProcess.Run(["rules", "publish", file, "--confirm"], database.App, owner)).ExitCode);
        Assert.Equal("v100", (await Packs.LineOf(client, card)).GetProperty("ruleVersion").GetString());
        await Until(async () => (await Packs.Listed(client, card)).GetProperty("ruleVersion").GetString() == "v100");
        Assert.Contains("reappraisal", (await client.Get("/v1/jobs")).Json.GetProperty("jobs").EnumerateArray().Select(j => j.GetProperty("kind").GetString()));

        Assert.Equal(0, (await ServerProcess.Run(["rules", "withdraw", "ph-tm", "--confirm"], database.App, owner)).ExitCode);
        await Until(async () => (await Packs.Listed(client, card)).GetProperty("flags").EnumerateArray().Any(f => f.GetString() == "ruleUnknown"));
        (await client.Get("/v1/carriers/ph-tm")).Problem(HttpStatusCode.NotFound, "carrier-not-found");
        Assert.Equal("v50", (await Packs.LineOf(own, untouched)).GetProperty("ruleVersion").GetString());

        // What ships with the program was withdrawn on purpose: preparing the database again does not bring it back.
        Assert.Equal(0, (await ServerProcess.Run(["migrate"], database.App, owner)).ExitCode);
        (await client.Get("/v1/carriers/ph-tm")).Problem(HttpStatusCode.NotFound, "carrier-not-found");
        Assert.Equal(2, (await ServerProcess.Run(["rules", "withdraw", "ph-tm"], database.App, owner)).ExitCode);
        File.Delete(file);
    }

    [Fact]
    public async Task A_pack_with_errors_is_not_published()
    {
        var database = await TestDatabase.Create();
        var file = Path.Combine(Path.GetTempPath(), $"{Guid.NewGuid():N}.json");
        await File.WriteAllTextAsync(file, Packs.Of("ph-tm", -1));

        var (code, output, _) = await ServerProcess.Run(["rules", "publish", file, "--confirm"], database.App);

        Assert.Equal(1, code);
        Assert.Contains("$.products[0].rules[0].clocks[0].length.n", output, StringComparison.Ordinal);
        File.Delete(file);
    }

    private static async Task Until(Func<Task<bool>> holds)
    {
        for (var tries = 0; !await holds(); tries++)
        {
            Assert.True(tries < 600, "It did not come about within two minutes.");
            await Task.Delay(200);
        }
    }
}
