using System.Globalization;
using System.Net;
using System.Text;

namespace SimLedger.IntegrationTests.Hosting;

/// <summary>
/// Goal: spans, metrics and logs tell operators what they need and nothing of the people in the ledger. Method: a real process sends them to a
/// receiver here while everything personal goes through it, in bodies, paths, queries and errors; then every byte that left is searched.
/// </summary>
public sealed class WhatLeaves
{
    private static readonly string[] Secrets =
    [
        "9000000771", "447700900771", "8944110064", "Anastasia", "Quillfeather", "Wilhelmina", "Secretnote", "Hiddenplace", "Whisperreason", "slk_live_", "zanzibar-telecoms", "Hinterhof",
        "tracestatesecret",
    ];

    [Fact]
    public async Task Spans_metrics_and_logs_tell_what_happened_and_nothing_of_people()
    {
        await using var receiver = await OtlpReceiver.Start();
        var database = await TestDatabase.Create();
        var output = await RunServer(database, receiver);

        var emitted = new Dictionary<string, string>
        {
            ["traces"] = receiver.Text("traces"), ["metrics"] = receiver.Text("metrics"), ["logs"] = receiver.Text("logs"), ["output"] = output,
        };
        var leaks = from part in emitted
                    from secret in Secrets
                    where part.Value.Contains(secret, StringComparison.OrdinalIgnoreCase) && !(part.Key == "output" && secret == "zanzibar-telecoms")
                    let at = part.Value.IndexOf(secret, StringComparison.OrdinalIgnoreCase)
                    select $"{secret} in {part.Key}: …{part.Value[Math.Max(0, at - 300)..Math.Min(part.Value.Length, at + 100)]}…";
        Assert.True(!leaks.Any(), string.Join("\n\n", leaks));

        SpansAreFilled(receiver);
        InstrumentsArrived(receiver);
        Assert.Contains("failed in an unforeseen way", emitted["logs"], StringComparison.Ordinal);
        LinesAreJson(output);
    }

    private static async Task<string> RunServer(TestDatabase database, OtlpReceiver receiver)
    {
        await using var server = await ServerProcess.Serve(database.App, new Dictionary<string, string>
        {
            ["OTEL_EXPORTER_OTLP_ENDPOINT"] = receiver.Url,
            ["OTEL_EXPORTER_OTLP_PROTOCOL"] = "http/protobuf",
            ["OTEL_BSP_SCHEDULE_DELAY"] = "500",
            ["OTEL_BLRP_SCHEDULE_DELAY"] = "500",
            ["OTEL_METRIC_EXPORT_INTERVAL"] = "2000",
        });
        var created = await ServerProcess.Run(["tenant", "create", "zanzibar-telecoms"], database.App);
        Assert.True(created.ExitCode == 0, created.Errors);
        var client = new Http.ApiClient(server.Url, Ledger(created.Output), created.Output.Trim().Split('\n')[^1], default);
        await Load(client, database);
        await Task.Delay(TimeSpan.FromSeconds(5)); // Two exports of metrics.
        Assert.Equal(0, await server.Stop());
        return server.Output;
    }

    private static SimLedger.Ledger.Tenancy.TenantId Ledger(string _) => SimLedger.Ledger.Tenancy.TenantId.Of("zanzibar-telecoms");

    private static async Task Load(Http.ApiClient client, TestDatabase database)
    {
        (string, string)[] personal = [("SimLedger-Reason", "Whisperreason"), ("User-Agent", "Hinterhof/1.0"), ("traceparent", "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"), ("tracestate", "x=tracestatesecret"), ("baggage", "owner=Anastasia")];
        const string body = """
            {"carrier": "ph-tm", "iccid": "8944110064000000772", "lines": [{"number": "+639000000771", "product": "prepaid"}], "owner": "Anastasia Quillfeather", "custodian": "Wilhelmina",
             "location": "Hiddenplace", "notes": "Secretnote"}
            """;
        var card = (await client.Post("/v1/cards", body, null, personal)).Is(HttpStatusCode.Created).Json.GetProperty("cardId").GetGuid();
        (await client.Post("/v1/cards", body)).Problem(HttpStatusCode.Conflict, "identifier-taken");
        await Task.WhenAll(Enumerable.Range(0, 60).Select(i => client.Register($$"""{"carrier":"ph-tm","lines":[{"number":"+44770090077{{i.ToString("00", CultureInfo.InvariantCulture)}}","product":"prepaid"}],"owner":"Anastasia"}""")));
        await Task.WhenAll(Enumerable.Range(0, 20).Select(i => client.Post($"/v1/cards/{card}/top-ups", $$"""{"amount":"{{100 + i}}"}""")));
        (await client.Post($"/v1/cards/{card}/top-ups", """{"amount":"-1 Anastasia"}""")).Is(HttpStatusCode.BadRequest);
        (await client.Post($"/v1/cards/{card}/activations", """{"Secretnote": }""")).Is(HttpStatusCode.BadRequest);
        (await client.Get("/v1/due-list?within=30d&carrier=Quillfeather")).Is(HttpStatusCode.OK);
        await client.Get("/v1/due-list?owner=Anastasia%20Quillfeather");
        await client.Get("/v1/cards/by/number/+639000000771");
        await client.Get("/v1/carriers/Quillfeather");
        await client.Get("/v1/nothing/Wilhelmina/+639000000771?iccid=8944110064000000772");
        (await client.Get($"/v1/cards/{card}")).Is(HttpStatusCode.OK);
        (await client.Get($"/v1/cards/{card}/history")).Is(HttpStatusCode.OK);
        (await client.Get("/v1/audit?actor=Anastasia")).Is(HttpStatusCode.OK);
        (await client.Post($"/v1/cards/{card}/quotes", "{}")).Is(HttpStatusCode.OK);
        (await client.Post("/v1/plans", "{}")).Is(HttpStatusCode.OK);
        (await client.With(client.Key![..^1] + (client.Key[^1] == 'x' ? 'y' : 'x')).Get("/v1/due-list")).Is(HttpStatusCode.Unauthorized);
        (await client.With(Server.Http.ApiKey.New()).Get("/v1/due-list")).Is(HttpStatusCode.Unauthorized);
        await client.Send(new HttpMethod("ANASTASIA"), "/v1/due-list", null);

        // A bug, as PostgreSQL would tell of it: with what was to be stored in its words.
        await database.Tamper("""
            create function tell() returns trigger language plpgsql as $$ begin raise exception 'bad value %', new.data using errcode = '22P02', hint = new.data; end $$;
            create trigger tell before insert on events for each row execute function tell();
            """);
        (await client.Post("/v1/cards", body.Replace("771", "772", StringComparison.Ordinal).Replace("8944110064000000772", "8944110064000000889", StringComparison.Ordinal))).Is(HttpStatusCode.InternalServerError);
        await database.Tamper("drop trigger tell on events; alter table card_standing rename column owner to owner_secret");
        (await client.Get("/v1/due-list")).Is(HttpStatusCode.InternalServerError);
    }

    private static void SpansAreFilled(OtlpReceiver receiver)
    {
        // TracesData.resource_spans / scope_spans / spans
        var spans = receiver.Messages("traces").SelectMany(m => Protobuf.At(m, 1, 2, 2)).Select(span => (
            Name: Encoding.UTF8.GetString(Protobuf.At(span, 5).Single()), Trace: Convert.ToHexString(Protobuf.At(span, 1).Single()), Attributes: Protobuf.Attributes(span, 9))).ToList();

        var registered = spans.First(s => s.Name == "POST /v1/cards" && s.Attributes["http.response.status_code"] == "201");
        Assert.Equal("/v1/cards", registered.Attributes["http.route"]);
        Assert.Equal("POST", registered.Attributes["http.request.method"]);
        Assert.Equal("4BF92F3577B34DA6A3CE929D0E0E4736", registered.Trace);
        Assert.Contains(spans, s => s.Name == "GET /v1/due-list" && s.Attributes["http.response.status_code"] == "500" && s.Attributes["error.type"] == "500");
        Assert.Contains(spans, s => s.Name == "GET" && s.Attributes["http.response.status_code"] == "404" && !s.Attributes.ContainsKey("http.route"));
        Assert.Contains(spans, s => s.Name == "_OTHER");
        Assert.Contains(spans, s => s.Name == "commit" && s.Attributes.ContainsKey("simledger.appends"));
        Assert.Contains(spans, s => s.Attributes.ContainsKey("db.query.text") && s.Trace == registered.Trace);
        Assert.DoesNotContain(spans, s => s.Name.Contains("livez", StringComparison.Ordinal) || s.Name.Contains("readyz", StringComparison.Ordinal));
        // What many requests share belongs to none of them.
        Assert.DoesNotContain(spans, s => s.Name == "commit" && s.Trace == registered.Trace);
    }

    private static void InstrumentsArrived(OtlpReceiver receiver)
    {
        // MetricsData.resource_metrics / scope_metrics / metrics / name
        var names = receiver.Messages("metrics").SelectMany(m => Protobuf.At(m, 1, 2, 2, 1)).Select(Encoding.UTF8.GetString).ToHashSet();
        Assert.Superset(
            new HashSet<string>
            {
                "simledger.append.duration", "simledger.append.batch_size", "simledger.append.conflicts", "simledger.append.queue", "simledger.worker.lag", "simledger.jobs",
                "http.server.request.duration", "db.client.connection.count", "dotnet.gc.collections",
            }, names);
        Assert.Contains("reserved", receiver.Text("metrics"), StringComparison.Ordinal);
    }

    private static void LinesAreJson(string output)
    {
        var lines = output.Split('\n').Where(l => l.StartsWith('{')).Select(l => System.Text.Json.JsonSerializer.Deserialize<System.Text.Json.JsonElement>(l)).ToList();
        var failure = lines.Single(l => l.GetProperty("level").GetString() == "error" && l.GetProperty("category").GetString() == "SimLedger.Http" && l.GetProperty("error").GetString()!.Contains("42703", StringComparison.Ordinal));
        Assert.Equal(failure.GetProperty("requestId").GetString(), failure.GetProperty("values").GetProperty("RequestId").GetString());
        Assert.Equal(32, failure.GetProperty("traceId").GetString()!.Length);
        Assert.EndsWith("Z", failure.GetProperty("time").GetString(), StringComparison.Ordinal);
        Assert.All(output.Split('\n').Where(l => l.Length > 0), l => Assert.True(l[0] == '{' || l.StartsWith("Serving on", StringComparison.Ordinal), l));
    }
}
