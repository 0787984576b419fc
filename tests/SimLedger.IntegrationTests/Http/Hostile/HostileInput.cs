using System.Collections.Concurrent;
using System.Net;
using System.Text;
using System.Text.Json;
using SimLedger.IntegrationTests.OpenApi;
using SimLedger.IntegrationTests.RulesChange;
using Xunit.Abstractions;

namespace SimLedger.IntegrationTests.Http.Hostile;

/// <summary>
/// Every member, parameter and header of every request in docs/openapi.json, in every wrong form that there is: always a documented problem that
/// names the place, or a success where the value is legal, which then reads as it was sent. Never a failure, never a hang, nothing recorded, nothing leaked.
/// </summary>
public sealed class HostileInput(RulesFixture api, ITestOutputHelper output) : IClassFixture<RulesFixture>
{
    /// <summary>Requests at once. Each sends to an organisation of its own, one after the other, so that nothing is overtaken.</summary>
    private const int AtOnce = 8;

    private static readonly string[] SharedPlaces = ["/lineId", "/at", "/orderNumber", "/channel", "/source"];

    /// <summary>A string that outgrows every limit.</summary>
    private static readonly byte[] TenMegabytes = Encoding.ASCII.GetBytes($"{{\"a\":\"{new string('x', 10_000_000)}\"}}");

    [Fact]
    public Task Members_of_bodies() => Sweep(ApiFile.Operations.Where(operation => operation.Body is not null), async world =>
    {
        foreach (var place in BodyPlaces.Of(world.Operation, world.Body("")).ToList())
        {
            // Within a pack a few are enough: its reader has tests of its own. What many requests read by the same code each gets its share of.
            var share = place.StartsWith("/pack/", StringComparison.Ordinal) ? 12 : place.StartsWith("/items/", StringComparison.Ordinal) || SharedPlaces.Contains(place) ? 4 : 1;
            foreach (var raw in Share(HostileText.Raw, share, world)) await Member(world, place, raw, null);
            foreach (var text in Share(HostileText.Legal, share, world)) await Member(world, place, JsonSerializer.Serialize(text), text);
            foreach (var text in Share(HostileText.Odd, share, world)) await Member(world, place, JsonSerializer.Serialize(text), null);
        }
    });

    [Fact]
    public Task Whole_bodies() => Sweep(ApiFile.Operations.Where(operation => operation.Body is not null), async world =>
    {
        foreach (var body in HostileText.Bodies(world.Body("").ToJsonString()).Append(TenMegabytes))
        {
            var answer = await world.Send(Encoding.UTF8.GetString(body), world.Path, body);
            if (answer is { Status: not (HttpStatusCode.BadRequest or HttpStatusCode.RequestEntityTooLarge) }) world.Note(Encoding.UTF8.GetString(body), "This is no body, and was not refused as such.", answer);
        }
    });

    /// <summary>A file is stored before it is read: what can be told of at once is refused, what stands in its rows is the report's to tell.</summary>
    [Fact]
    public Task Files() => Sweep([ApiFile.Operation("importFleet")], async world =>
    {
        const string Header = "number,iccid,carrier,product,last_topup_on,last_topup_amount,owner,tags\n";
        var cells = string.Join('\n', HostileText.Legal.Concat(HostileText.Odd).Select(text => $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"").Select(cell => $"{cell},{cell},{cell},{cell},{cell},{cell},{cell},{cell}"));
        foreach (var file in HostileText.Bodies(Header).Append(Encoding.UTF8.GetBytes(Header + cells)).Append(Encoding.UTF8.GetBytes($"{Header}\"{new string('x', 300_000)}")))
        {
            if (await world.Send(Encoding.UTF8.GetString(file), world.Path, file, ("Content-Type", "text/csv")) is not { IsSuccess: true } answer) continue;
            var job = await Packs.Finished(world.Known, $"/v1/jobs/{answer.Json.GetProperty("jobId").GetGuid()}");
            if (job.GetProperty("state").GetString() is not ("succeeded" or "failed")) world.Note(Encoding.UTF8.GetString(file), $"The job is {job}", answer);
        }
    });

    [Fact]
    public Task Parameters_of_queries() => Sweep(ApiFile.Operations, async world =>
    {
        foreach (var parameter in world.Operation.ParametersIn("query"))
        {
            var name = parameter.GetProperty("name").GetString()!;
            foreach (var value in HostileText.InAddresses)
            {
                var answer = await world.Send($"?{name}={value}", $"{world.Path}?{name}={value}", Empty(world));
                if (answer is { Status: HttpStatusCode.BadRequest } && !Judgement.Names(answer, name) && name != "cursor" && world.Operation.FileExample is null) world.Note($"?{name}={value}", "The problem does not name the parameter.", answer);
                var isValid = parameter.GetProperty("schema") is var schema && schema.TryGetProperty("type", out var type) && type.GetString() == "integer" && !ApiFile.IsValid(schema, Number(value));
                if (isValid && answer is { IsSuccess: true }) world.Note($"?{name}={value}", "It is taken, though the file refuses it.", answer);
            }
            await world.Send($"{name} twice", $"{world.Path}?{name}=1&{name}=2", Empty(world));
        }
        foreach (var name in HostileText.InAddresses.Where(name => name.Length > 0))
        {
            var answer = await world.Send($"?{name}=1", $"{world.Path}?{name}=1", Empty(world));
            if (answer is { Status: not HttpStatusCode.BadRequest } && world.Operation.IsSecured) world.Note($"?{name}=1", "An unknown parameter is not refused.", answer);
        }
        await world.Send("a long query", $"{world.Path}?x={new string('x', 9000)}", Empty(world));
    });

    [Fact]
    public Task Segments_of_paths() => Sweep(ApiFile.Operations.Where(operation => operation.ParametersIn("path").Any()), async world =>
    {
        foreach (var parameter in world.Operation.ParametersIn("path"))
        {
            var here = $"{{{parameter.GetProperty("name").GetString()}}}";
            foreach (var value in HostileText.InAddresses.Where(value => value.Length is > 0 and < 400))
            {
                var answer = await world.Send(value, world.Operation.Path.Replace(here, value, StringComparison.Ordinal), world.Operation.Body is null ? null : Encoding.UTF8.GetBytes(world.Body("").ToJsonString()));
                if (answer is { IsSuccess: true }) world.Note(value, "A path that leads nowhere is answered.", answer);
            }
        }
    });

    /// <summary>All requests read them by the same code, so each gets its share of the values.</summary>
    [Fact]
    public Task Headers() => Sweep(ApiFile.Operations, async world =>
    {
        string[] everywhere = ["Authorization", "Accept", "Accept-Language", "Accept-Encoding", "traceparent", "tracestate", "X-Request-Id", "X-Forwarded-For", "Cookie", "Range", "X-HTTP-Method-Override"];
        string[] ofBodies = world.Operation.Body is null ? [] : ["Content-Type", "Content-Encoding"];
        var own = world.Operation.ParametersIn("header").Select(parameter => parameter.GetProperty("name").GetString()!).Concat(ofBodies).ToList();
        foreach (var (name, share) in own.Select(name => (name, 4)).Concat(everywhere.Except(own).Select(name => (name, 16))))
        {
            foreach (var value in Share(HostileText.InHeaders, share, world)) await Header(world, name, value);
        }
    });

    private static async Task Header(HostileWorld world, string name, string value)
    {
        var answer = await world.Send($"{name}: {value}", world.Path, world.Operation.Body is null ? null : Encoding.UTF8.GetBytes(world.Body("").ToJsonString()), (name, value));
        if (name != "SimLedger-Reason" || answer is not { IsSuccess: true }) return;
        var reason = Uri.UnescapeDataString(Encoding.UTF8.GetString(Encoding.Latin1.GetBytes(value)).Trim(' '));
        if (reason.Length > 0) world.Taken(answer, name, reason);
    }

    /// <summary>Of each so many values one, and other ones for the next request.</summary>
    private static IEnumerable<string> Share(IReadOnlyList<string> values, int share, HostileWorld world)
    {
        var turn = ApiFile.Operations.TakeWhile(operation => operation.Id != world.Operation.Id).Count();
        return values.Where((_, i) => (i + turn) % share == 0);
    }

    private static byte[]? Empty(HostileWorld world) => world.Operation.Body is null ? null : "{}"u8.ToArray();

    private static JsonElement Number(string value) => value.Length > 0 && value.All(char.IsAsciiDigit) ? JsonSerializer.Deserialize<JsonElement>(value.TrimStart('0') is { Length: > 0 } digits ? digits : "0") : JsonSerializer.SerializeToElement(value);

    /// <param name="legal">The text, if it is one that must be taken where free text is.</param>
    private static async Task Member(HostileWorld world, string place, string raw, string? legal)
    {
        var body = BodyPlaces.With(world.Operation, world.Body(place), place, raw);
        if (await world.Send($"{place} = {raw}", world.Path, body) is not { } answer) return;

        var schema = BodyPlaces.SchemaOf(world.Operation, place);
        var isValid = IsValid(schema, raw);
        if (answer.IsSuccess)
        {
            if (!isValid) world.Note($"{place} = {raw}", "It is taken, though the file refuses it.", answer);
            else if (!string.IsNullOrWhiteSpace(legal) && world.Operation.Answer(200) is not null) world.Taken(answer, place, legal);
            return;
        }
        var isDeep = raw.StartsWith("[[[[", StringComparison.Ordinal);
        if (!isValid && !isDeep && !Judgement.Names(answer, place)) world.Note($"{place} = {raw}", "The problem does not name the place.", answer);
        if (isValid && legal is not null && IsFreeText(schema) && IsCommand(world.Operation) && answer.Status is HttpStatusCode.BadRequest) world.Note($"{place} = {raw}", "Legal text is refused.", answer);
    }

    private static bool IsCommand(Operation operation) => operation.ParametersIn("header").Any(header => header.GetProperty("name").GetString() == "If-Match");

    private static bool IsFreeText(JsonElement schema) => ApiFile.Resolve(schema) is { ValueKind: JsonValueKind.Object } text && text.TryGetProperty("maxLength", out _) && text.TryGetProperty("type", out _) && !text.TryGetProperty("format", out _)
        && (!text.TryGetProperty("pattern", out var pattern) || pattern.GetString() == "\\S");

    /// <summary>A text that cannot be read as one is nothing that any schema allows.</summary>
    private static bool IsValid(JsonElement schema, string raw)
    {
        try
        {
            var value = JsonSerializer.Deserialize<JsonElement>(raw);
            return (value.ValueKind is not JsonValueKind.String || !value.GetString()!.Contains('\0')) && ApiFile.IsValid(schema, value);
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException)
        {
            return false;
        }
    }

    private async Task Sweep(IEnumerable<Operation> operations, Func<HostileWorld, Task> attack)
    {
        var worlds = new ConcurrentBag<HostileWorld>();
        var began = TimeProvider.System.GetTimestamp();
        await Parallel.ForEachAsync(operations.OrderBy(operation => operation.Id is "askImpact" ? 0 : 1), new ParallelOptions { MaxDegreeOfParallelism = AtOnce }, async (operation, _) =>
        {
            var world = await HostileWorld.Of(api.Host, operation);
            worlds.Add(world);
            await attack(world);
            await world.Audit();
        });
        output.WriteLine($"{worlds.Sum(world => world.Requests)} requests to {worlds.Count} addresses in {TimeProvider.System.GetElapsedTime(began).TotalSeconds:0} s; slowest of all {string.Join(", ", worlds.OrderByDescending(world => world.Requests).Take(3).Select(world => $"{world.Operation} {world.Requests}"))}");
        Assert.True(worlds.All(world => world.Faults.Count == 0), string.Join("\n", worlds.SelectMany(world => world.Faults).Take(150)));
    }
}
