using System.Net;
using SimLedger.Ledger.Tenancy;

namespace SimLedger.IntegrationTests.Verbs;

public sealed class CommandLines
{
    [Theory]
    [InlineData("bogus")]
    [InlineData("tenant")]
    [InlineData("tenant", "create")]
    [InlineData("tenant", "create", "Bad Name")]
    [InlineData("tenant", "idempotency", "acme")]
    [InlineData("tenant", "idempotency", "acme", "never")]
    [InlineData("import", "nowhere.csv", "--tenant", "acme")]
    [InlineData("import", "--tenant", "acme")]
    [InlineData("rules", "check", "nowhere.json")]
    [InlineData("serve", "--fast")]
    public async Task Wrong_usage_is_one_line_and_exit_code_2(params string[] arguments)
    {
        var (code, output, errors) = await ServerProcess.Run(arguments, connection: "Host=127.0.0.1;Port=1");

        Assert.Equal((2, ""), (code, output));
        Assert.Single(errors.Trim().Split('\n'));
        Assert.StartsWith("simledger: ", errors);
    }

    [Fact]
    public async Task An_organisation_may_let_idempotency_keys_be_left_out_and_require_them_again()
    {
        var database = await TestDatabase.Create();
        await ServerProcess.Run(["tenant", "create", "acme"], database.App);
        await ServerProcess.Run(["tenant", "create", "globex"], database.App);
        await using var open = database.Open();
        var tenants = new Tenants(open, TimeProvider.System);

        Assert.Equal((0, "Idempotency keys of acme are optional.\n"), await Run("acme", "optional"));
        Assert.Equal((false, true), (await tenants.IsIdempotencyRequired(TenantId.Of("acme"), default), await tenants.IsIdempotencyRequired(TenantId.Of("globex"), default)));
        Assert.Equal((0, "Idempotency keys of acme are required.\n"), await Run("acme", "required"));
        Assert.True(await tenants.IsIdempotencyRequired(TenantId.Of("acme"), default));
        Assert.Equal((2, ""), await Run("nobody", "optional"));

        async Task<(int, string)> Run(string name, string keys)
        {
            var (code, output, _) = await ServerProcess.Run(["tenant", "idempotency", name, keys], database.App);
            return (code, output);
        }
    }

    [Fact]
    public async Task An_organisation_is_created_with_its_first_key_alone_on_the_last_line()
    {
        var database = await TestDatabase.Create();

        var (code, output, _) = await ServerProcess.Run(["tenant", "create", "acme"], database.App);
        var again = await ServerProcess.Run(["tenant", "create", "acme"], database.App);
        var list = await ServerProcess.Run(["tenant", "list"], database.App);

        Assert.Equal(0, code);
        Assert.Matches("^slk_live_[0-9A-Za-z]{36}$", output.TrimEnd().Split('\n')[^1]);
        Assert.Equal(2, again.ExitCode);
        Assert.Equal("acme\n", list.Output);
    }

    [Fact]
    public async Task A_key_is_made_listed_and_revoked()
    {
        var database = await TestDatabase.Create();
        await ServerProcess.Run(["tenant", "create", "acme"], database.App);

        var key = (await ServerProcess.Run(["key", "create", "--tenant", "acme", "--name", "dashboard", "--scopes", "read"], database.App)).Output.Trim();
        var list = (await ServerProcess.Run(["key", "list", "--tenant", "acme"], database.App)).Output;
        var id = list.Split('\n').Single(l => l.EndsWith("dashboard", StringComparison.Ordinal)).Split(' ')[0];

        await using var server = await ServerProcess.Serve(database.App);
        Assert.Equal(HttpStatusCode.OK, await DueList(server, key));
        Assert.Equal(0, (await ServerProcess.Run(["key", "revoke", id, "--tenant", "acme"], database.App)).ExitCode);
        Assert.Equal(HttpStatusCode.Unauthorized, await DueList(server, key));
        Assert.DoesNotContain(key, list);
    }

    [Fact]
    public async Task Verify_finds_what_was_tampered_with_and_says_so_by_its_exit_code()
    {
        var database = await TestDatabase.Create();
        await ServerProcess.Run(["tenant", "create", "acme"], database.App);
        var file = Path.GetTempFileName();
        await File.WriteAllTextAsync(file, "number,carrier,product\n+639000000004,ph-tm,prepaid\n");
        Assert.Equal(0, (await ServerProcess.Run(["import", file, "--tenant", "acme"], database.App)).ExitCode);
        File.Delete(file);

        var good = await ServerProcess.Run(["verify"], database.App);
        await database.Tamper("update events set data = '{\"lineId\":\"x\"}' where position = 2");
        var bad = await ServerProcess.Run(["verify", "--tenant", "acme"], database.App);

        Assert.Equal((0, "acme: 3 facts are as they were written\n"), (good.ExitCode, good.Output));
        Assert.Equal(1, bad.ExitCode);
        Assert.Contains("BROKEN at position 2", bad.Output);
    }

    [Fact]
    public async Task Verify_finds_an_organisation_whose_head_was_deleted()
    {
        var database = await TestDatabase.Create();
        foreach (var name in new[] { "acme", "empty", "globex" }) await ServerProcess.Run(["tenant", "create", name], database.App);
        var file = Path.GetTempFileName();
        await File.WriteAllTextAsync(file, "number,carrier,product\n+639000000004,ph-tm,prepaid\n");
        foreach (var name in new[] { "acme", "globex" }) Assert.Equal(0, (await ServerProcess.Run(["import", file, "--tenant", name], database.App)).ExitCode);
        File.Delete(file);

        await database.Tamper("delete from tenant_heads where tenant_id in ('acme', 'empty'); delete from credentials where tenant_id = 'acme'");
        var all = await ServerProcess.Run(["verify"], database.App);
        var one = await ServerProcess.Run(["verify", "--tenant", "acme"], database.App);
        var never = await ServerProcess.Run(["verify", "--tenant", "nobody"], database.App);

        Assert.Equal(1, all.ExitCode);
        Assert.Equal(
            ["acme: BROKEN at position 1: the organisation has no head any more: it was deleted", "empty: BROKEN at an unknown position: the organisation has no head any more: it was deleted", "globex: 3 facts are as they were written"],
            all.Output.TrimEnd().Split('\n'));
        Assert.Equal(1, one.ExitCode);
        Assert.Equal(2, never.ExitCode);
    }

    [Fact]
    public async Task Migrating_again_changes_nothing()
    {
        var database = await TestDatabase.Create();
        var owner = new Dictionary<string, string> { ["ConnectionStrings__SimLedgerOwner"] = database.Superuser };

        Assert.Equal((0, "The database is up to date.\n"), await Migrate());
        Assert.Equal((0, "The database is up to date.\n"), await Migrate());

        async Task<(int, string)> Migrate()
        {
            var (code, output, _) = await ServerProcess.Run(["migrate"], database.App, owner);
            return (code, output);
        }
    }

    [Fact]
    public async Task Vectors_and_packs_are_checked()
    {
        var packs = Path.Combine(Repository.Root, "src", "SimLedger.Server", "RulePacks");
        foreach (var file in Directory.GetFiles(packs, "*.json"))
        {
            var (code, output, errors) = await ServerProcess.Run(["rules", "check", file], null);
            Assert.True(code == 0, $"{file}\n{output}{errors}");
            if (file.EndsWith(".vectors.json", StringComparison.Ordinal)) Assert.Matches("^[1-9][0-9]* passed, 0 failed$", output.TrimEnd().Split('\n')[^1]);
        }
        var wrong = Path.GetTempFileName();
        await File.WriteAllTextAsync(wrong, """{"format": "simledger.rulepack/1", "code": 7}""");
        Assert.Equal(1, (await ServerProcess.Run(["rules", "check", wrong], null)).ExitCode);
        File.Delete(wrong);
    }

    [Fact]
    public async Task The_server_refuses_to_work_as_a_role_that_could_go_round_the_walls()
    {
        var database = await TestDatabase.Create();

        foreach (var connection in new[] { database.Superuser, database.As("simledger_owner") })
        {
            var (code, _, errors) = await ServerProcess.Run(["serve"], connection);
            Assert.Equal(1, code);
            Assert.Contains("simledger_app", Assert.Single(errors.Trim().Split('\n')));
        }
    }

    private static async Task<HttpStatusCode> DueList(ServerProcess server, string key)
    {
        using var http = new HttpClient { BaseAddress = new Uri(server.Url), DefaultRequestHeaders = { { "Authorization", $"Bearer {key}" } } };
        return (await http.GetAsync("/v1/due-list")).StatusCode;
    }
}
