using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using SimLedger.IntegrationTests.Http;
using SimLedger.IntegrationTests.RulesChange;

namespace SimLedger.IntegrationTests.OpenApi;

/// <summary>The members and parameters that the server reads are those that the file names: it lists them itself when it is sent another.</summary>
public sealed class DescribedMembers(RulesFixture api) : IClassFixture<RulesFixture>
{
    /// <summary>Every object of every body, as the pointer to it; items of lists by 0.</summary>
    public static TheoryData<string, string> Objects
    {
        get
        {
            var data = new TheoryData<string, string>();
            foreach (var operation in ApiFile.Operations.Where(operation => operation.Body is not null))
            {
                foreach (var (place, _) in ObjectsIn(operation.Body!.Value, "")) data.Add(operation.Id, place);
            }
            return data;
        }
    }

    public static TheoryData<string> Queries => [.. ApiFile.Operations.Where(operation => operation.IsSecured).Select(operation => operation.Id)];

    [Theory]
    [MemberData(nameof(Objects))]
    public async Task The_members_of_a_body_are_those_that_the_server_knows(string operationId, string place)
    {
        var operation = ApiFile.Operation(operationId);
        var world = await ExampleWorld.Of(api.Host, operation, "tm");
        var schema = ObjectsIn(operation.Body!.Value, "").Single(one => one.Place == place).Schema;

        var known = Known(await world.Post(operation, Body(place).ToJsonString()), $"{place}/nonsense");

        Assert.Equal(schema.TryGetProperty("properties", out var members) ? members.EnumerateObject().Select(member => member.Name).Order(StringComparer.Ordinal) : [], known);
    }

    [Theory]
    [MemberData(nameof(Queries))]
    public async Task The_parameters_of_a_query_are_those_that_the_server_knows(string operationId)
    {
        var operation = ApiFile.Operation(operationId);
        var world = await ExampleWorld.Of(api.Host, operation, "tm");
        var path = $"{world.PathOf(operation)}?nonsense=1";

        var known = Known(operation.FileExample is not null ? await world.Client.Send(HttpMethod.Post, path, null)
            : operation.Body is null ? await world.Client.Get(path) : await world.Client.Post(path, "{}"), "nonsense");

        Assert.Equal(operation.ParametersIn("query").Select(parameter => parameter.GetProperty("name").GetString()!).Order(StringComparer.Ordinal), known);
    }

    private static string[] Known(ApiAnswer answer, string pointer)
    {
        // What is wrong with an item of a batch is told of that item, as if it were alone.
        var problem = answer.Status == HttpStatusCode.MultiStatus ? answer.Json.GetProperty("items")[0].GetProperty("problem") : answer.Problem(HttpStatusCode.BadRequest, "invalid-request");
        if (answer.Status == HttpStatusCode.MultiStatus) pointer = pointer["/items/0".Length..];
        var error = problem.GetProperty("errors").EnumerateArray().Single(one => one.GetProperty("pointer").GetString() == pointer);
        Assert.Equal("member-unknown", error.GetProperty("code").GetString());
        var detail = error.GetProperty("detail").GetString()!;
        var list = detail.Split("Known here: ") is [_, var members] ? members : detail.Split("Known: ") is [_, var parameters] ? parameters : "";
        return [.. list.TrimEnd('.').Split(", ", StringSplitOptions.RemoveEmptyEntries)];
    }

    /// <summary>An object at that place, and nothing beside the way to it.</summary>
    private static JsonNode Body(string place)
    {
        JsonNode at = new JsonObject { ["nonsense"] = 1 };
        foreach (var step in place.Split('/').Skip(1).Reverse()) at = step == "0" ? new JsonArray(at) : new JsonObject { [step] = at };
        return at;
    }

    /// <summary>Objects whose members are named; what takes any member, as a rule pack does here, has a reader of its own.</summary>
    private static IEnumerable<(string Place, JsonElement Schema)> ObjectsIn(JsonElement schema, string place)
    {
        schema = ApiFile.Resolve(schema);
        if (schema.TryGetProperty("additionalProperties", out var others) && others.ValueKind is JsonValueKind.False) yield return (place, schema);
        var below = schema.TryGetProperty("properties", out var members) ? members.EnumerateObject().SelectMany(member => ObjectsIn(member.Value, $"{place}/{member.Name}")) : [];
        if (schema.TryGetProperty("items", out var items)) below = below.Concat(ObjectsIn(items, $"{place}/0"));
        if (schema.TryGetProperty("anyOf", out var branches)) below = below.Concat(branches.EnumerateArray().SelectMany(branch => ObjectsIn(branch, place)));
        foreach (var found in below) yield return found;
    }
}
