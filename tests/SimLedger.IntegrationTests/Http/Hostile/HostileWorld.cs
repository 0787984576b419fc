using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using SimLedger.IntegrationTests.OpenApi;

namespace SimLedger.IntegrationTests.Http.Hostile;

/// <summary>An organisation that one request of the file is sent to in all its wrong forms, and the book of what was answered.</summary>
internal sealed class HostileWorld(Operation operation, ExampleWorld world, HostileClient client)
{
    /// <summary>Faults told of one request of the file; more would only hide the first.</summary>
    private const int MostFaults = 12;

    private readonly HashSet<string> _succeeded = [];
    private readonly List<(string Request, string Place, string Text)> _sent = [];
    private readonly HashSet<string> _before = [];
    private int _iccids = 1000;

    public Operation Operation { get; } = operation;

    public List<string> Faults { get; } = [];

    public int Requests { get; private set; }

    /// <summary>Sends as one should.</summary>
    public ApiClient Known => world.Client;

    public string Path { get; } = world.PathOf(operation);

    public static async Task<HostileWorld> Of(ApiHost host, Operation operation)
    {
        var world = await ExampleWorld.Of(host, operation, operation.Id == "readCardByEid" ? "esim" : "tm");
        var found = new HostileWorld(operation, world, new HostileClient(host.Url, world.Client.Key!));
        foreach (var (request, _) in await found.Facts()) found._before.Add(request);
        return found;
    }

    /// <summary>The first example, without what may be given only once: a number, an order number; each card its own ICCID.</summary>
    public JsonNode Body(string place)
    {
        var body = JsonNode.Parse(world.Filled(Operation.BodyExamples.First().Value.GetRawText()))!;
        if (place != "/orderNumber" && body is JsonObject o) o.Remove("orderNumber");
        if (Operation.Id == "registerCard")
        {
            if (place != "/lines/0/number") body["lines"]![0]!.AsObject().Remove("number");
            body["iccid"] = NextIccid();
        }
        if (body["items"] is JsonArray items)
        {
            // One item: what is refused is the whole then, and records nothing.
            while (items.Count > 1) items.RemoveAt(1);
            var item = items[0]!.AsObject();
            item.Remove("orderNumber");
            // One of them names the card.
            if (place is "/items/0/cardId" or "/items/0/number" or "/items/0/iccid") foreach (var name in new[] { "cardId", "number", "iccid" }) item.Remove(name);
        }
        if (Operation.Id == "registerCards")
        {
            if (place != "/items/0/lines/0/number") body["items"]![0]!["lines"]![0]!.AsObject().Remove("number");
            body["items"]![0]!["iccid"] = NextIccid();
        }
        if (Operation.Id == "attachLine" && place != "/number") body.AsObject().Remove("number");
        return body;
    }

    /// <summary>Sends, and judges what every answer must be like.</summary>
    public async Task<HostileAnswer?> Send(string what, string path, byte[]? body, params (string Name, string Value)[] headers)
    {
        Requests++;
        try
        {
            var answer = (await client.Send(Operation.Method, path, body, headers)).Unwrapped();
            if (answer.IsSuccess && answer.RequestId is { } id) _succeeded.Add(id);
            if (Judgement.Of(Operation, answer) is { } fault) Note(what, fault, answer);
            return answer;
        }
        catch (Exception error) when (error is TaskCanceledException or HttpRequestException)
        {
            Note(what, $"No answer came within {HostileClient.Deadline.TotalSeconds} seconds: {error.Message}", null);
            return null;
        }
    }

    public void Note(string what, string fault, HostileAnswer? answer)
    {
        if (Faults.Count < MostFaults) Faults.Add($"{Operation} {Short(what)}: {fault}{(answer is null ? "" : $" [{(int)answer.Status} {Short(answer.Text)}]")}");
    }

    /// <summary>The text was taken at that place: it must stand in the fact, if one was recorded.</summary>
    public void Taken(HostileAnswer answer, string place, string text) => _sent.Add((answer.RequestId!, place, text));

    /// <summary>Nothing was recorded but by requests that succeeded, positions have no gap, and texts read as they were sent.</summary>
    public async Task Audit()
    {
        var facts = await Facts();
        var byRequest = facts.ToLookup(fact => fact.Request, fact => fact.Fact);
        // Jobs record under ids of their own.
        foreach (var group in byRequest.Where(group => group.Any(fact => fact.GetProperty("origin").GetString() == "api")).Where(group => !_before.Contains(group.Key) && !_succeeded.Contains(group.Key))) Note(group.Key, $"A request that was refused recorded {string.Join(", ", group.Select(fact => fact.GetProperty("type")))}", null);
        foreach (var (request, place, text) in _sent.Where(sent => byRequest.Contains(sent.Request)))
        {
            if (!byRequest[request].Any(fact => Texts(fact).Contains(text))) Note($"{place} = {text}", "It reads otherwise than it was sent.", null);
        }
        var head = (await world.Client.Get($"/v1/events?after={facts.Count}")).Json.GetProperty("head").GetInt64();
        if (head != facts.Count) Note("head", $"The head is at {head}, and there are {facts.Count} facts.", null);
    }

    private async Task<List<(string Request, JsonElement Fact)>> Facts()
    {
        var facts = new List<(string, JsonElement)>();
        while (true)
        {
            var page = (await world.Client.Get($"/v1/events?limit=200&after={facts.Count}")).Is(System.Net.HttpStatusCode.OK).Json.GetProperty("events");
            if (page.GetArrayLength() == 0) return facts;
            facts.AddRange(page.EnumerateArray().Select(fact => (fact.GetProperty("requestId").GetString() ?? "", fact)));
        }
    }

    private static IEnumerable<string> Texts(JsonElement data) => data.ValueKind switch
    {
        JsonValueKind.String => [data.GetString()!],
        JsonValueKind.Array => data.EnumerateArray().SelectMany(Texts),
        JsonValueKind.Object => data.EnumerateObject().SelectMany(member => Texts(member.Value)),
        _ => [],
    };

    private string NextIccid()
    {
        var digits = $"8963{(_iccids++).ToString("D14", CultureInfo.InvariantCulture)}";
        var sum = digits.Reverse().Select((digit, i) => (digit - '0') * (i % 2 == 0 ? 2 : 1)).Sum(weighted => weighted > 9 ? weighted - 9 : weighted);
        return $"{digits}{(10 - sum % 10) % 10}";
    }

    private static string Short(string text) => text.Length <= 300 ? text : $"{text[..300]}… ({text.Length})";
}
