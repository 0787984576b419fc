using System.Net;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Routing;
using SimLedger.Cards;
using SimLedger.IntegrationTests.Http;
using SimLedger.Server.Http;
using SimLedger.Server.UseCases;

namespace SimLedger.IntegrationTests.OpenApi;

/// <summary>The file describes what the server has: no more, no less.</summary>
public sealed partial class DescribedAddresses(ApiFixture api) : IClassFixture<ApiFixture>
{
    [Fact]
    public void Every_address_of_the_server_is_described_and_every_described_one_is_there()
    {
        var routes = api.Host.Get<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
            .SelectMany(endpoint => endpoint.Metadata.GetMetadata<IHttpMethodMetadata>()!.HttpMethods.Select(method => $"{method} {Constraint().Replace(endpoint.RoutePattern.RawText!, "}")}"));

        Assert.Equal(routes.Order(StringComparer.Ordinal), ApiFile.Operations.Select(operation => operation.ToString()).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task What_is_served_is_the_committed_file()
    {
        var answer = (await Anonymous.Get("/openapi/v1.json")).Is(HttpStatusCode.OK);

        Assert.Equal("application/json", answer.ContentHeaders.ContentType?.ToString());
        Assert.Equal(await File.ReadAllBytesAsync(ApiFile.Path), answer.Bytes);
    }

    [Fact]
    public async Task Who_has_it_already_is_not_sent_it_again()
    {
        var tag = (await Anonymous.Get("/openapi/v1.json")).ETag!;

        var same = (await Anonymous.Send(HttpMethod.Get, "/openapi/v1.json", null, ("If-None-Match", $"\"other\", W/{tag}"))).Is(HttpStatusCode.NotModified);
        (await Anonymous.Send(HttpMethod.Get, "/openapi/v1.json", null, ("If-None-Match", "\"other\""))).Is(HttpStatusCode.OK);

        Assert.Empty(same.Bytes);
        Assert.Equal(tag, same.ETag);
    }

    [Fact]
    public void Operations_have_names_of_their_own_and_say_what_they_do()
    {
        Assert.Equal(ApiFile.Operations.Count, ApiFile.Operations.Select(operation => operation.Id).Distinct().Count());
        Assert.All(ApiFile.Operations, operation => Assert.NotEmpty(operation.Described.GetProperty("summary").GetString()!));
    }

    [Fact]
    public void Every_request_behind_a_key_says_how_it_fails() => Assert.All(ApiFile.Operations.Where(operation => operation.IsSecured), operation =>
    {
        int[] always = [400, 401, 403, 500, 503];
        int[] withBody = operation.Body is null ? [] : [413, 415];
        int[] withPath = operation.Path.Contains("Id}", StringComparison.Ordinal) ? [404] : [];
        Assert.Empty(always.Concat(withBody).Concat(withPath).Except(operation.Responses.Select(response => response.Status)));
        Assert.StartsWith("/v1/", operation.Path, StringComparison.Ordinal);
    });

    [Fact]
    public void Failures_name_their_codes_and_each_is_of_that_status()
    {
        var kinds = ProblemKind.All.Concat(Enum.GetValues<Refusal>().Select(RefusalProblems.KindOf)).DistinctBy(kind => kind.Code).ToDictionary(kind => kind.Code, kind => kind.Status);

        Assert.All(ApiFile.Operations, operation => Assert.All(operation.Responses.Where(response => response.Status >= 400 && operation.IsSecured), response =>
        {
            Assert.NotEmpty(operation.Codes(response.Status));
            Assert.All(operation.Codes(response.Status), code => Assert.Equal(response.Status, kinds[code]));
        }));
        Assert.All(ApiFile.Operations, operation => Assert.All(operation.OtherCodes, code => Assert.InRange(kinds[code], 400, 499)));
        // A card's id is made by the server, so no request registers one twice, nor attaches a line that is there.
        Assert.Equal(["card-already-registered"], kinds.Keys.Except(ApiFile.Operations.SelectMany(operation => operation.Responses.SelectMany(response => operation.Codes(response.Status)).Concat(operation.OtherCodes))));
    }

    private ApiClient Anonymous => new(api.Host.Url, SimLedger.Ledger.Tenancy.TenantId.Of("nobody"), null, Guid.Empty);

    [GeneratedRegex(":[a-z]+}")]
    private static partial Regex Constraint();
}
