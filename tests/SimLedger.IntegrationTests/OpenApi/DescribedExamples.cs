using System.Net;
using System.Text.Json;
using SimLedger.IntegrationTests.Http;
using SimLedger.IntegrationTests.RulesChange;

namespace SimLedger.IntegrationTests.OpenApi;

/// <summary>The examples are what they show: valid, taken by the server, and answered as the file says.</summary>
public sealed class DescribedExamples(RulesFixture api) : IClassFixture<RulesFixture>
{
    public static TheoryData<string, string> Bodies => Pairs(ApiFile.Operations.SelectMany(operation => operation.BodyExamples.Select(example => (operation.Id, example.Name))));

    /// <summary>Each read as it is, and with each parameter of query or header that has an example.</summary>
    public static TheoryData<string, string> Reads => Pairs(ApiFile.Operations.Where(operation => operation.Method == HttpMethod.Get).SelectMany(operation =>
        operation.Parameters.Where(parameter => parameter.GetProperty("in").GetString() != "path" && parameter.TryGetProperty("example", out _))
            .Select(parameter => (operation.Id, parameter.GetProperty("name").GetString()!)).Prepend((operation.Id, ""))));

    [Fact]
    public void Every_example_in_the_file_is_valid()
    {
        var examples = Examples(ApiFile.Root, "").ToList();

        Assert.True(examples.Count > 150, $"{examples.Count} examples were found.");
        Assert.All(examples, example => Assert.Null(ApiFile.Fault(example.Schema, example.Value)));
    }

    [Fact]
    public void Every_body_and_every_success_has_an_example() => Assert.All(ApiFile.Operations, operation =>
    {
        if (operation.Body is not null) Assert.NotEmpty(operation.BodyExamples);
        foreach (var (status, response) in operation.Responses.Where(response => response.Status is >= 200 and < 300 && response.Response.TryGetProperty("content", out _)))
        {
            Assert.True(operation.Path.StartsWith("/openapi", StringComparison.Ordinal) || ExamplesOf(response.GetProperty("content").EnumerateObject().First().Value).Any(), $"{operation} {status} has no example.");
        }
    });

    [Theory]
    [MemberData(nameof(Bodies))]
    public async Task A_request_like_the_example_is_taken_and_answered_as_described(string operationId, string example)
    {
        var operation = ApiFile.Operation(operationId);
        var world = await ExampleWorld.Of(api.Host, operation, example);
        if (operationId == "registerCard") world = new ExampleWorld(await api.Host.NewOrganisation(), Guid.Empty, Guid.Empty, Guid.Empty, Guid.Empty);

        var answer = await world.Post(operation, operation.BodyExamples.Single(one => one.Name == example).Value.GetRawText());

        IsAsDescribed(operation, answer);
    }

    [Theory]
    [MemberData(nameof(Reads))]
    public async Task A_read_like_the_example_is_answered_as_described(string operationId, string parameter)
    {
        var operation = ApiFile.Operation(operationId);
        var world = await ExampleWorld.Of(api.Host, operation, operationId == "readCardByEid" ? "esim" : "tm");
        var named = operation.Parameters.Where(one => one.GetProperty("name").GetString() == parameter).Select(one => (Place: one.GetProperty("in").GetString(), Value: Text(one.GetProperty("example")))).ToList();
        var query = named.Where(one => one.Place == "query").Select(one => $"?{parameter}={Uri.EscapeDataString(one.Value)}").SingleOrDefault("");
        var headers = named.Where(one => one.Place == "header").Select(one => (parameter, one.Value)).ToArray();

        IsAsDescribed(operation, await world.Client.Send(HttpMethod.Get, world.PathOf(operation) + query, null, headers));
    }

    [Fact]
    public async Task A_file_like_the_example_is_taken_and_answered_as_described()
    {
        var operation = ApiFile.Operation("importFleet");
        var world = await ExampleWorld.Of(api.Host, operation, "tm");
        var answer = await world.PostFile(operation);
        IsAsDescribed(operation, answer);
    }

    private static void IsAsDescribed(Operation operation, ApiAnswer answer)
    {
        Assert.True((int)answer.Status is >= 200 and < 300, $"{operation}: {(int)answer.Status} {answer.Text}");
        var response = operation.Responses.Single(one => one.Status == (int)answer.Status).Response;
        Assert.Contains(answer.ContentHeaders.ContentType?.MediaType, response.GetProperty("content").EnumerateObject().Select(media => media.Name));
        if (operation.Answer((int)answer.Status) is { } schema)
        {
            if (answer.Status == HttpStatusCode.MultiStatus) Assert.All(answer.Json.GetProperty("items").EnumerateArray(), item => Assert.True(item.GetProperty("status").GetInt32() < 300, answer.Text));
            Assert.Null(ApiFile.Fault(schema, answer.Json));
            Assert.Empty(ApiFile.Undescribed(schema, answer.Json));
        }
        foreach (var header in response.GetProperty("headers").EnumerateObject().Where(header => header.Name is not ("Link" or "Idempotency-Replayed")))
        {
            // What is not to be kept, such as the card at another moment, needs no tag.
            if (header.Name == "ETag" && answer.Header("Cache-Control") == "no-store") continue;
            var value = answer.Header(header.Name);
            Assert.True(value is not null, $"{operation} answers without {header.Name}.");
            Assert.Null(ApiFile.Fault(ApiFile.Resolve(header.Value).GetProperty("schema"), JsonSerializer.SerializeToElement(value)));
        }
    }

    private static string Text(JsonElement example) => example.ValueKind is JsonValueKind.Array ? string.Join(',', example.EnumerateArray().Select(Text))
        : example.ValueKind is JsonValueKind.String ? example.GetString()! : example.GetRawText();

    /// <summary>Examples of media types, parameters and headers with the schema beside them, and those within schemas.</summary>
    private static IEnumerable<(string Place, JsonElement Schema, JsonElement Value)> Examples(JsonElement element, string place) => element.ValueKind switch
    {
        JsonValueKind.Array => element.EnumerateArray().SelectMany((item, index) => Examples(item, $"{place}/{index}")),
        JsonValueKind.Object when element.TryGetProperty("schema", out var schema) => ExamplesOf(element).Select(value => (place, schema, value)).Concat(Examples(schema, $"{place}/schema")),
        JsonValueKind.Object => (element.TryGetProperty("examples", out var own) && own.ValueKind is JsonValueKind.Array ? own.EnumerateArray().Select(value => (place, element, value)) : [])
            .Concat(element.EnumerateObject().Where(member => member.Name is not ("examples" or "example")).SelectMany(member => Examples(member.Value, $"{place}/{member.Name}"))),
        _ => [],
    };

    private static IEnumerable<JsonElement> ExamplesOf(JsonElement holder) =>
        (holder.TryGetProperty("example", out var one) ? [one] : Enumerable.Empty<JsonElement>())
        .Concat(holder.TryGetProperty("examples", out var many) ? many.EnumerateObject().Select(example => example.Value.GetProperty("value")) : []);

    private static TheoryData<string, string> Pairs(IEnumerable<(string, string)> pairs)
    {
        var data = new TheoryData<string, string>();
        foreach (var (first, second) in pairs) data.Add(first, second);
        return data;
    }
}
