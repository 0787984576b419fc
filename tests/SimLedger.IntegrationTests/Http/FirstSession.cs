using System.Globalization;
using System.Net;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace SimLedger.IntegrationTests.Http;

/// <summary>The first session of docs/api.md, replayed: each request is sent as printed, and each answer has what is printed of it.</summary>
public sealed partial class FirstSession : IAsyncLifetime
{
    private readonly StoppedClock _clock = new(new DateTimeOffset(2026, 11, 21, 8, 0, 0, TimeSpan.Zero));
    private readonly Dictionary<string, string> _ids = new(StringComparer.Ordinal);
    private ApiHost _host = null!;

    public async Task InitializeAsync() => _host = await ApiHost.Start((await TestDatabase.Create()).App, _clock);

    public async Task DisposeAsync() => await _host.DisposeAsync();

    [Fact]
    public async Task Every_request_of_the_first_session_is_answered_as_it_says()
    {
        var client = await _host.NewOrganisation();
        var page = await File.ReadAllTextAsync(Path.Combine(Repository.Root, "docs", "api.md"));
        var session = SectionPattern().Match(page).Value;
        var steps = StepPattern().Matches(session);
        Assert.True(steps.Count >= 6, $"{steps.Count} steps were found.");

        foreach (Match step in steps)
        {
            var (method, path, body) = (step.Groups["method"].Value, Known(step.Groups["path"].Value), Known(step.Groups["body"].Value.Trim()));
            var answer = method == "GET" ? await client.Get(path) : await client.Post(path, body);

            answer.Is((HttpStatusCode)int.Parse(step.Groups["status"].Value, CultureInfo.InvariantCulture));
            Same(JsonSerializer.Deserialize<JsonElement>(step.Groups["answer"].Value), answer.Json, $"{method} {path}", answer.Text);
        }
    }

    /// <summary>Ids are other ones each time: those printed stand for those answered.</summary>
    private string Known(string text) => IdPattern().Replace(text, id => _ids.GetValueOrDefault(id.Value, id.Value));

    /// <summary>All that is printed is answered; what is left out on the page may be more.</summary>
    private void Same(JsonElement printed, JsonElement answered, string place, string whole)
    {
        Assert.True(printed.ValueKind == answered.ValueKind, $"{place}: {answered.GetRawText()}, not {printed.GetRawText()}, in {whole}");
        switch (printed.ValueKind)
        {
            case JsonValueKind.Object:
                foreach (var member in printed.EnumerateObject())
                {
                    Assert.True(answered.TryGetProperty(member.Name, out var value), $"{place}/{member.Name} is missing in {whole}");
                    Same(member.Value, value, $"{place}/{member.Name}", whole);
                }
                break;
            case JsonValueKind.Array:
                Assert.True(printed.GetArrayLength() == answered.GetArrayLength(), $"{place} has {answered.GetArrayLength()} items in {whole}");
                foreach (var (index, item) in printed.EnumerateArray().Index()) Same(item, answered[index], $"{place}/{index}", whole);
                break;
            case JsonValueKind.String when IdPattern().IsMatch(printed.GetString()!):
                Assert.Equal(_ids.TryAdd(printed.GetString()!, answered.GetString()!) ? answered.GetString() : Known(printed.GetString()!), answered.GetString());
                break;
            default:
                Assert.True(printed.GetRawText() == answered.GetRawText(), $"{place}: {answered.GetRawText()}, not {printed.GetRawText()}, in {whole}");
                break;
        }
    }

    [GeneratedRegex(@"^## A first session$.*?(?=^## )", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex SectionPattern();

    [GeneratedRegex(@"^```\n(?<method>GET|POST) (?<path>\S+)\n(?<body>.*?)\n?→ (?<status>\d{3})\n(?<answer>\{.*?)\n```$", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex StepPattern();

    [GeneratedRegex("[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")]
    private static partial Regex IdPattern();
}
