using System.Net;
using System.Text.Json;
using SimLedger.IntegrationTests.Http;
using SimLedger.IntegrationTests.RulesChange;

namespace SimLedger.IntegrationTests.Importing;

/// <summary>An import is taken back by new facts; what others built on it stays.</summary>
public sealed class UndoingImports(RulesFixture api) : IClassFixture<RulesFixture>
{
    private const string Card = """{"carrier":"ph-tm","iccid":"8963000000000000043","owner":"Ana Cruz","lines":[{"number":"+639000000001","product":"prepaid"}]}""";

    [Fact]
    public async Task What_it_brought_leaves_and_the_same_file_creates_new_cards_after_it()
    {
        var client = await api.Host.NewOrganisation();
        var id = Imports.Id(await client.ImportWhole(Imports.File(600)));
        var facts = await Count(client, "select position from tenant_heads where true");

        var result = await client.UndoWhole(id);

        Assert.Equal((600, 0, 0), (Number(result, "cardsRetired"), Number(result, "linesDetached"), Number(result, "keptCount")));
        Assert.Equal(await Count(client, "select count(*) from events where type in ('NumberAssigned', 'Activated', 'ToppedUp', 'PeopleAssigned')"), Number(result, "factsVoided"));
        Assert.Equal(0, await DueLines(client));
        Assert.True(await Count(client, "select position from tenant_heads where true") > facts, "Nothing is erased.");

        var again = await client.ImportWhole(Imports.File(600));
        Assert.Equal((600, 600, 0, 0, 0), Imports.Counts(await client.Result(again)));
        Assert.Equal(1200L, await Count(client, "select count(*) from events where type = 'CardRegistered'"));
        Assert.Equal(600, await DueLines(client, all: true));
    }

    [Fact]
    public async Task Undoing_twice_changes_nothing_more()
    {
        var client = await api.Host.NewOrganisation();
        var id = Imports.Id(await client.ImportWhole(Imports.File(20)));
        await client.UndoWhole(id);
        var facts = await Count(client, "select position from tenant_heads where true");

        var second = await client.UndoWhole(id, """{"force": true}""");

        Assert.Equal((0, 0, 0, 0), (Number(second, "cardsRetired"), Number(second, "factsVoided"), Number(second, "linesDetached"), Number(second, "keptCount")));
        Assert.Equal(facts, await Count(client, "select count(*) from events where true"));
    }

    [Fact]
    public async Task A_card_on_which_others_have_recorded_since_stays_on_the_due_list_and_is_named()
    {
        var client = await api.Host.NewOrganisation();
        var id = Imports.Id(await client.ImportWhole(Imports.File(10)));
        var kept = Guid.Parse((string)(await api.Database.Tamper($"select stream_id::text from events where tenant_id = '{client.Tenant}' and type = 'NumberAssigned' and data ->> 'number' = '+639000000004'"))!);
        (await client.Post($"/v1/cards/{kept}/top-ups", """{"amount":"100"}""")).Is(HttpStatusCode.OK);
        var before = (await client.Get($"/v1/cards/{kept}")).ETag;

        var result = await client.UndoWhole(id);

        Assert.Equal((9, 1), (Number(result, "cardsRetired"), Number(result, "keptCount")));
        Assert.Equal([kept], result.GetProperty("kept").EnumerateArray().Select(one => one.GetGuid()));
        Assert.Equal(before, (await client.Get($"/v1/cards/{kept}")).ETag);
        Assert.Equal(1, await DueLines(client));

        Assert.Equal(1, Number(await client.UndoWhole(id, """{"force": true}"""), "cardsRetired"));
        Assert.Equal(0, await DueLines(client));
    }

    [Fact]
    public async Task On_an_older_card_its_entries_are_voided_its_lines_detached_and_texts_are_as_they_were()
    {
        var client = await api.Host.NewOrganisation();
        var card = await client.Register(Card);
        var row = $"{Imports.Header}\n+639000000001,8963000000000000043,ph-tm,prepaid,2026-01-01,2026-02-01,300,PHP,Kevin Ho,hello\n+639000000002,8963000000000000043,ph-tm,prepaid,,,,,,\n";
        var id = Imports.Id(await client.ImportWhole(row));

        var result = await client.UndoWhole(id);

        Assert.Equal((0, 1, 0), (Number(result, "cardsRetired"), Number(result, "linesDetached"), Number(result, "keptCount")));
        var after = (await client.Get($"/v1/cards/{card}")).Json;
        Assert.Equal("Ana Cruz", after.GetProperty("owner").GetString());
        Assert.Equal(1, await DueLines(client));
        // The numbers are free, and what only went with the import comes back with it.
        Assert.Equal((2, 1, 1, 0, 0), Imports.Counts(await client.Result(await client.ImportWhole(row))));
        Assert.Equal(2L, await Count(client, "select count(*) from events where type = 'ToppedUp'"));
    }

    [Fact]
    public async Task A_line_that_others_use_since_stays_on_its_card()
    {
        var client = await api.Host.NewOrganisation();
        var card = await client.Register(Card);
        var id = Imports.Id(await client.ImportWhole($"{Imports.Header}\n+639000000002,8963000000000000043,ph-tm,prepaid,,,,,,\n"));
        var line = (await client.Get($"/v1/cards/{card}")).Json.GetProperty("lines").EnumerateArray().Single(l => l.GetProperty("number").GetString() == "+639000000002").GetProperty("lineId").GetGuid();
        (await client.Post($"/v1/cards/{card}/top-ups", $$"""{"amount":"100","lineId":"{{line}}"}""")).Is(HttpStatusCode.OK);

        Assert.Equal((0, 1), Told(await client.UndoWhole(id)));
        Assert.Equal((1, 0), Told(await client.UndoWhole(id, """{"force": true}""")));

        static (int, int) Told(JsonElement result) => (Number(result, "linesDetached"), Number(result, "keptCount"));
    }

    [Fact]
    public async Task An_import_under_way_or_unknown_is_not_undone()
    {
        var client = await api.Host.NewOrganisation();
        var id = Imports.Id((await client.Import(Imports.File(10_000))).Is(HttpStatusCode.Accepted).Json);

        (await client.Undo(id)).Problem(HttpStatusCode.Conflict, "import-under-way");
        (await client.Undo(Guid.CreateVersion7())).Problem(HttpStatusCode.NotFound, "import-not-found");
        (await client.Undo(id, """{"forced": true}""")).Problem(HttpStatusCode.BadRequest, "invalid-request");

        (await client.Post($"/v1/jobs/{id}/cancellations", "{}")).Is(HttpStatusCode.Accepted);
        await client.Ended(id);
        var result = await client.UndoWhole(id);
        Assert.Equal(await Count(client, "select count(*) from events where type = 'CardRegistered'"), Number(result, "cardsRetired"));
    }

    [Fact]
    public async Task The_command_line_prints_the_id_of_its_import_and_takes_it_back()
    {
        var database = await TestDatabase.Create();
        await ServerProcess.Run(["tenant", "create", "acme"], database.App);
        var file = Path.GetTempFileName();
        await File.WriteAllTextAsync(file, Imports.File(5));

        var import = await ServerProcess.Run(["import", file, "--tenant", "acme"], database.App);
        File.Delete(file);
        var id = import.Output.TrimEnd().Split('\n')[^1].Split(' ').Single(word => Guid.TryParse(word, out _));
        var undo = await ServerProcess.Run(["import", "--undo", id, "--tenant", "acme"], database.App);
        var unknown = await ServerProcess.Run(["import", "--undo", Guid.NewGuid().ToString(), "--tenant", "acme"], database.App);

        Assert.Equal(0, undo.ExitCode);
        Assert.StartsWith("5 cards retired, ", undo.Output);
        Assert.Equal(2, unknown.ExitCode);
        Assert.Equal(2, (await ServerProcess.Run(["import", "--tenant", "acme"], database.App)).ExitCode);
    }

    private static int Number(JsonElement result, string name) => result.GetProperty(name).GetInt32();

    private static async Task<int> DueLines(ApiClient client, bool all = false)
    {
        const string stages = "unstarted,active,lapsed,grace,suspended,reclaimable,quarantine,lost";
        var (count, path) = (0, $"/v1/due-list?limit=200{(all ? $"&stage={stages}" : "")}");
        while (true)
        {
            var page = (await client.Get(path)).Is(HttpStatusCode.OK).Json;
            count += page.GetProperty("items").GetArrayLength();
            if (page.GetProperty("nextCursor").GetString() is not { } next) return count;
            path = $"/v1/due-list?limit=200{(all ? $"&stage={stages}" : "")}&cursor={Uri.EscapeDataString(next)}";
        }
    }

    private async Task<long> Count(ApiClient client, string sql) =>
        Convert.ToInt64(await api.Database.Tamper(sql.Replace(" where ", $" where tenant_id = '{client.Tenant}' and ", StringComparison.Ordinal)), null);
}
