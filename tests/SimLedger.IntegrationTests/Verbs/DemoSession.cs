using System.Diagnostics;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace SimLedger.IntegrationTests.Verbs;

/// <summary>What a newcomer does first.</summary>
public sealed partial class DemoSession : IDisposable
{
    private readonly string _folder = Path.Combine(Path.GetTempPath(), $"simledger-demo-{Guid.NewGuid():N}");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Demo_prints_commands_that_work_as_printed_and_goes_on_with_its_data()
    {
        var data = new Dictionary<string, string> { ["SIMLEDGER_DATA"] = _folder };
        int facts;
        await using (var demo = await ServerProcess.Serve(null, data, "demo"))
        {
            var commands = await Commands(demo);
            Assert.Equal(3, commands.Count);

            var due = await Shell(commands[0]);
            Assert.True(due.RootElement.GetProperty("items").GetArrayLength() > 0);
            var before = await Shell(commands[1]);
            var topUp = await Shell(commands[2]);
            var again = await Shell(commands[2]);
            var after = await Shell(commands[1]);

            Assert.Equal("active", topUp.RootElement.GetProperty("lines")[0].GetProperty("stage").GetString());
            Assert.Equal(topUp.RootElement.GetRawText(), again.RootElement.GetRawText());
            facts = before.RootElement.GetProperty("version").GetInt32() + 1;
            Assert.Equal(facts, after.RootElement.GetProperty("version").GetInt32());
            Assert.Contains("400 created", demo.Output);
        }

        await using var next = await ServerProcess.Serve(null, data, "demo");
        var history = await Shell((await Commands(next))[0]);
        Assert.Contains("Going on", next.Output);
        Assert.True(history.RootElement.TryGetProperty("items", out _));
    }

    [Fact]
    public async Task An_import_that_was_killed_is_finished_by_running_it_again()
    {
        var database = await TestDatabase.Create();
        Directory.CreateDirectory(_folder);
        var file = Path.Combine(_folder, "fleet.csv");
        await File.WriteAllTextAsync(file, "number,carrier,product,last_topup_on,last_topup_amount,currency\n" + string.Concat(Enumerable.Range(0, 5000).Select(i => $"+6390{i:0000000},ph-tm,prepaid,2026-02-01,300,PHP\n")));
        await ServerProcess.Run(["tenant", "create", "acme"], database.App);

        using (var import = ServerProcess.Start(["import", file, "--tenant", "acme"], database.App))
        {
            while ((long)(await database.Tamper("select count(*) from events"))! < 1000 && !import.HasExited) await Task.Delay(20);
            import.Kill();
            await import.WaitForExitAsync();
        }
        var partly = (long)(await database.Tamper("select count(*) from events where type = 'ToppedUp'"))!;
        var (code, output, _) = await ServerProcess.Run(["import", file, "--tenant", "acme"], database.App);

        Assert.InRange(partly, 1, 4999);
        Assert.Equal(0, code);
        Assert.Contains("5000 rows: ", output);
        Assert.Contains(" 0 refused", output);
        Assert.Equal(5000L, await database.Tamper("select count(*) from events where type = 'ToppedUp'"));
        Assert.Equal(5000L, await database.Tamper("select count(*) from card_standing"));
        Assert.Equal(0, (await ServerProcess.Run(["verify"], database.App)).ExitCode);
    }

    private static async Task<List<string>> Commands(ServerProcess demo)
    {
        for (var tries = 0; tries < 300 && !demo.Output.Contains("Ctrl-C ends it", StringComparison.Ordinal); tries++) await Task.Delay(100);
        return [.. Curl().Matches(demo.Output).Select(m => m.Value)];
    }

    private static async Task<JsonDocument> Shell(string command)
    {
        using var shell = Process.Start(new ProcessStartInfo("bash", ["-c", command + " --fail-with-body"]) { RedirectStandardOutput = true })!;
        var answer = await shell.StandardOutput.ReadToEndAsync();
        await shell.WaitForExitAsync();
        Assert.True(shell.ExitCode == 0, $"{command}\n{answer}");
        return JsonDocument.Parse(answer);
    }

    [GeneratedRegex("curl .*")]
    private static partial Regex Curl();
}
