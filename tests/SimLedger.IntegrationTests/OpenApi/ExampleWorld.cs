using System.Net;
using System.Text;
using System.Text.Json;
using SimLedger.IntegrationTests.Http;
using SimLedger.IntegrationTests.RulesChange;

namespace SimLedger.IntegrationTests.OpenApi;

/// <summary>
/// An organisation for one example. The file's ids stand for things that have ids of their own here: a card, its line, an entry of it, a job.
/// The first word of an example's name says which card it is about: the one that the example of that name registers.
/// </summary>
internal sealed class ExampleWorld(ApiClient client, Guid card, Guid line, Guid fact, Guid job)
{
    public const string Card = "0193d7c4-8a00-7000-8000-000000000001";
    public const string Line = "0193d7c4-8a00-7000-8000-000000000002";
    public const string Fact = "0193d7c4-8a00-7000-8000-000000000005";
    public const string Job = "0193d7c4-8a00-7000-8000-00000000000a";

    private const string OwnCarrier = "xx-own";

    public ApiClient Client { get; } = client;

    public static async Task<ExampleWorld> Of(ApiHost host, Operation operation, string example)
    {
        var client = await host.NewOrganisation();
        var examples = ApiFile.Operation("registerCard").BodyExamples.ToDictionary(one => one.Name, one => one.Value);
        var (card, line) = await Register(client, examples.TryGetValue(example.Split('-')[0], out var named) ? named : examples["tm"]);
        var entry = (await client.Post($"/v1/cards/{card}/top-ups", $$"""{"amount":"50","currency":"PHP","at":"2026-11-10","lineId":"{{line}}"}""")).Is(HttpStatusCode.OK);
        var pack = ApiFile.Operation("askImpact").BodyExamples.Single(one => one.Name == "pack").Value.GetRawText();
        if (example == "withdraw") await Packs.Publish(client, OwnCarrier, pack);
        var job = operation.Path.StartsWith("/v1/imports/", StringComparison.Ordinal) ? await Imported(client) : (await Packs.Impact(client, OwnCarrier, pack)).Id;
        return new ExampleWorld(client, card, line, entry.Json.GetProperty("facts")[0].GetProperty("factId").GetGuid(), job);
    }

    private static async Task<Guid> Imported(ApiClient client)
    {
        var sent = (await client.Send(HttpMethod.Post, "/v1/imports", File(), ("Idempotency-Key", "file"))).Is(HttpStatusCode.Accepted);
        return (await Packs.Finished(client, sent.Header("Location")!)).GetProperty("jobId").GetGuid();
    }

    private static ByteArrayContent File() => ApiClient.Json(Encoding.UTF8.GetBytes(ApiFile.Operation("importFleet").FileExample!), "text/csv");

    /// <summary>With the ids of this organisation in the place of the file's.</summary>
    public string Filled(string text) => text.Replace(Card, $"{card:D}", StringComparison.Ordinal).Replace(Line, $"{line:D}", StringComparison.Ordinal)
        .Replace(Fact, $"{fact:D}", StringComparison.Ordinal).Replace(Job, $"{job:D}", StringComparison.Ordinal);

    /// <summary>The operation's path by the examples of its parameters.</summary>
    public string PathOf(Operation operation)
    {
        var path = operation.Path;
        foreach (var parameter in operation.ParametersIn("path"))
        {
            var own = operation.Id is "askImpact" or "publishRules";
            path = path.Replace($"{{{parameter.GetProperty("name").GetString()}}}", own ? OwnCarrier : parameter.GetProperty("example").GetString(), StringComparison.Ordinal);
        }
        return Filled(path);
    }

    public Task<ApiAnswer> PostFile(Operation operation) => Client.Send(HttpMethod.Post, PathOf(operation), File(), ("Idempotency-Key", Guid.NewGuid().ToString()));

    public Task<ApiAnswer> Post(Operation operation, string body) => Client.Post(PathOf(operation), Filled(body));

    private static async Task<(Guid Card, Guid Line)> Register(ApiClient client, JsonElement body)
    {
        var answer = (await client.Post("/v1/cards", body.GetRawText())).Is(HttpStatusCode.Created).Json;
        return (answer.GetProperty("cardId").GetGuid(), answer.GetProperty("lines")[0].GetProperty("lineId").GetGuid());
    }
}
