using System.Net;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Routing.Patterns;
using SimLedger.Server.Http;

namespace SimLedger.IntegrationTests.Http;

/// <summary>What the conventions promise holds for each address that the server maps, also for those that are added later.</summary>
public sealed class EveryAddress(ApiFixture server) : IClassFixture<ApiFixture>
{
    [Fact]
    public async Task Refuses_a_client_that_cannot_read_its_answer_before_anything_is_done() => await EachOf(async (client, address, endpoint, method) =>
    {
        var answer = await Ask(client, method, address, ("Accept", "image/png, application/xml;q=0.9"));

        answer.Problem(HttpStatusCode.NotAcceptable, "not-acceptable");
        Assert.Contains(AnswerTypes.Of(endpoint).Offered[0], answer.Text, StringComparison.Ordinal);
    });

    [Fact]
    public async Task Takes_every_Accept_that_admits_one_of_its_media_types() => await EachOf(async (client, address, endpoint, method) =>
    {
        foreach (var type in AnswerTypes.Of(endpoint).Offered)
        {
            var wide = $"{type[..type.IndexOf('/', StringComparison.Ordinal)]}/*";
            foreach (var accept in new[] { type, type.ToUpperInvariant(), $"{type}; charset=utf-8", wide, "*/*", "*/*;q=0.1", $"image/png, {type};q=0.5", "", "not a type" })
            {
                Assert.NotEqual(HttpStatusCode.NotAcceptable, (await Ask(client, method, address, ("Accept", accept))).Status);
            }
        }
        var refused = string.Join(", ", AnswerTypes.Of(endpoint).Offered.Select(type => $"{type};q=0").Append("*/*"));
        (await Ask(client, method, address, ("Accept", refused))).Problem(HttpStatusCode.NotAcceptable, "not-acceptable");
    });

    [Fact]
    public async Task That_takes_a_body_refuses_one_of_another_type() => await EachOf(async (client, address, _, method) =>
    {
        if (method != "POST") return;
        foreach (var type in new[] { "", "application/x-unknown", "multipart/form-data; boundary=x" })
        {
            var answer = await client.Send(HttpMethod.Post, address, ApiClient.Json("{}"u8.ToArray(), type), ("Idempotency-Key", Guid.NewGuid().ToString()));
            answer.Problem(HttpStatusCode.UnsupportedMediaType, "unsupported-media-type");
        }
        var compressed = ApiClient.Json("{}"u8.ToArray(), "application/json");
        compressed.Headers.ContentEncoding.Add("gzip");
        (await client.Send(HttpMethod.Post, address, compressed, ("Idempotency-Key", Guid.NewGuid().ToString()))).Problem(HttpStatusCode.UnsupportedMediaType, "unsupported-media-type");
    });

    [Fact]
    public async Task Names_the_methods_it_takes_to_one_it_does_not() => await EachOf(async (client, address, _, method) =>
    {
        var methods = Addresses().Where(a => Fill(a.RoutePattern) is var other && Same(other, address)).SelectMany(Methods).Distinct().ToList();
        var allowed = methods.Contains("GET") ? [.. methods, "HEAD"] : methods;
        foreach (var other in new[] { "GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "BREW" }.Except(allowed))
        {
            var answer = await client.Send(new HttpMethod(other), address, null);

            Assert.Equal(HttpStatusCode.MethodNotAllowed, answer.Status);
            Assert.Equal(allowed.Order(StringComparer.Ordinal), answer.Header("Allow")!.Split(", ").Order(StringComparer.Ordinal));
            if (other != "HEAD") answer.Problem(HttpStatusCode.MethodNotAllowed, "method-not-allowed");
        }
    });

    [Fact]
    public async Task That_takes_GET_takes_HEAD_and_answers_it_without_a_body() => await EachOf(async (client, address, _, method) =>
    {
        if (method != "GET") return;
        var (get, head) = (await client.Get(address), await client.Send(HttpMethod.Head, address, null));

        Assert.Equal(get.Status, head.Status);
        Assert.Equal(get.ContentHeaders.ContentType, head.ContentHeaders.ContentType);
        Assert.Empty(head.Bytes);
    });

    [Fact]
    public async Task Is_found_in_any_case_and_with_a_slash_at_its_end() => await EachOf(async (client, address, _, method) =>
    {
        var plain = await Ask(client, method, address);
        foreach (var other in new[] { address + "/", address.ToUpperInvariant() })
        {
            Assert.Equal(plain.Status, (await Ask(client, method, other)).Status);
        }
    });

    [Fact]
    public async Task Under_v1_needs_a_key_of_the_right_scope()
    {
        var owner = await server.Host.NewOrganisation();
        var (nobody, none) = (owner.With(null), await server.Host.Client(owner.Tenant, "nothing"));
        await EachOf(async (_, address, _, method) =>
        {
            if (!address.StartsWith("/v1", StringComparison.Ordinal)) return;
            (await Ask(nobody, method, address)).Problem(HttpStatusCode.Unauthorized, "unauthenticated");
            (await Ask(none, method, address)).Problem(HttpStatusCode.Forbidden, "scope-missing");
        });
    }

    /// <summary>Runs a check for each address and method, and tells of all that fail.</summary>
    private async Task EachOf(Func<ApiClient, string, RouteEndpoint, string, Task> check)
    {
        var client = await server.Host.NewOrganisation();
        var failed = new List<string>();
        var addresses = Addresses();
        Assert.True(addresses.Count > 20);
        foreach (var endpoint in addresses)
        {
            foreach (var method in Methods(endpoint))
            {
                try
                {
                    await check(client, Fill(endpoint.RoutePattern), endpoint, method);
                }
                catch (Exception error)
                {
                    failed.Add($"{method} {endpoint.RoutePattern.RawText}: {error.Message}");
                }
            }
        }
        Assert.True(failed.Count == 0, string.Join('\n', failed));
    }

    private List<RouteEndpoint> Addresses() => [.. server.Host.Get<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()];

    private static IEnumerable<string> Methods(RouteEndpoint endpoint) => endpoint.Metadata.GetMetadata<IHttpMethodMetadata>()?.HttpMethods ?? [];

    // With a query that no address knows: none does its work, and a stream does not begin that would never end.
    private static Task<ApiAnswer> Ask(ApiClient client, string method, string address, params (string, string)[] headers) =>
        method == "GET" ? client.Send(HttpMethod.Get, $"{address}?no-such-member=1", null, headers) : client.Post(address, """{"no such member": 1}""", null, headers);

    private static bool Same(string one, string other) => string.Equals(one, other, StringComparison.OrdinalIgnoreCase);

    /// <summary>An address of the pattern that leads to nothing which exists.</summary>
    private static string Fill(RoutePattern pattern)
    {
        var address = new StringBuilder();
        foreach (var segment in pattern.PathSegments)
        {
            address.Append('/');
            foreach (var part in segment.Parts)
            {
                address.Append(part switch
                {
                    RoutePatternLiteralPart literal => literal.Content,
                    RoutePatternSeparatorPart separator => separator.Content,
                    RoutePatternParameterPart parameter => parameter.ParameterPolicies.Any(p => p.Content == "guid") ? "0193d7c4-8a00-7000-8000-000000000001" : "nothing",
                    _ => throw new InvalidOperationException($"No case for {part.GetType().Name}."),
                });
            }
        }
        return address.ToString();
    }
}
