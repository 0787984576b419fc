using SimLedger.Ledger.Tenancy;

namespace SimLedger.Benchmarks;

/// <summary>The audit and a card's history over HTTP, of one organisation with five facts a line on average.</summary>
internal static class AuditBenchmark
{
    /// <summary>The row that the reference reads.</summary>
    private const string JobSql = """
        insert into jobs (tenant_id, job_id, kind, subject, state, request, actor, created_at, started_at, finished_at)
        values ('tenant-1', '00000001-0000-0000-0000-000000000000', 'reappraisal', '1', 'succeeded', '{}', 'bench', now(), now(), now())
        """;

    /// <param name="sizes">Lines of the organisation.</param>
    public static async Task<List<Result>> Run(Bench bench, params int[] sizes)
    {
        var results = new List<Result>();
        foreach (var lines in sizes) results.AddRange(await Run(bench, lines));
        return results;
    }

    private static async Task<List<Result>> Run(Bench bench, int lines)
    {
        var name = await SeededFleet.CreateDatabase(bench, lines);
        await using var database = TenantDatabase.Open(bench.App(name));
        await Bench.Scalar(bench.Superuser(name), JobSql);
        var facts = (long)(await Bench.Scalar(bench.Superuser(name), "select position from tenant_heads where tenant_id = 'tenant-1'"))!;
        var card = (Guid)(await Bench.Scalar(bench.Superuser(name), $"select stream_id from events where tenant_id = 'tenant-1' and position = {facts / 2}"))!;
        await using var server = ServerUnderTest.Launch(bench.App(name));
        using var client = Bench.Client(server.Url, await Bench.Key(database, Bench.Tenant(1)));
        await ServerUnderTest.FirstAnswer(client, "/v1/due-list");
        using var page = System.Text.Json.JsonDocument.Parse(await client.GetStringAsync("/v1/audit?limit=50"));
        var cursor = page.RootElement.GetProperty("nextCursor").GetString();
        (string Name, string Path)[] asks =
        [
            ("newest 50", "/v1/audit?limit=50"),
            ("next 50", $"/v1/audit?limit=50&cursor={cursor}"),
            ("of a card", $"/v1/audit?limit=50&card={card}"),
            ("of a day", $"/v1/audit?limit=50&from={DateTime.UtcNow:yyyy-MM-dd}"),
            ("of a frequent type", "/v1/audit?limit=50&type=ToppedUp"),
            ("of an actor who did nothing (50,000 facts looked at)", "/v1/audit?limit=50&actor=nobody"),
            ("history of a card", $"/v1/cards/{card}/history"),
        ];
        var load = new ReadLoad(client, "/v1/jobs/00000001-0000-0000-0000-000000000000", () => server.ProcessorSeconds() + bench.PostgresSeconds());
        await load.WarmUp([.. asks.Select(ask => ask.Path)]);
        var label = $"audit, {lines:N0} lines, {facts:N0} facts";
        return [.. await load.Measure(label, asks, clients: 1, TimeSpan.FromSeconds(0.4)), .. await load.Measure(label, asks, clients: 16, TimeSpan.FromSeconds(0.6))];
    }
}
