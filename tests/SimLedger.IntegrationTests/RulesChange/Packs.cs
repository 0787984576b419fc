using System.Text.Json;
using SimLedger.IntegrationTests.Http;

namespace SimLedger.IntegrationTests.RulesChange;

/// <summary>Rule packs and lines to change them under.</summary>
internal static class Packs
{
    /// <summary>A pack whose one product lives so many days from each top-up.</summary>
    public static string Of(string code, int days, string aliases = "[]", string confidence = "user") => $$$"""
        {"format":"simledger.rulepack/1","code":"{{{code}}}","name":{"en":"Carrier {{{code}}}"},"aliases":{{{aliases}}},"country":"PH","timeZone":"Asia/Manila",
         "channels":[],"products":[{"code":"prepaid","name":{"en":"Prepaid"},"currency":"PHP","formFactors":["physical"],"capabilities":["voice"],"rules":[
           {"version":"v{{{days}}}","effective":{"from":"2020-01-01"},"source":{"title":"Test","checkedOn":"2026-11-01","confidence":"{{{confidence}}}"},
            "clocks":[{"id":"validity","kind":"validity","startsOn":[{"on":"topUp"}],"length":{"n":{{{days}}},"unit":"day"},
                       "extendedBy":[{"on":"topUp","combine":"max","by":{"n":{{{days}}},"unit":"day"}}]}],
            "ladder":[{"stage":"grace","length":{"n":30,"unit":"day"}}]}]}]}
        """;

    public static string Change(string pack) => $$$"""{"pack":{{{pack}}}}""";

    /// <summary>A card of a carrier with one top-up.</summary>
    public static async Task<Guid> Line(ApiClient client, string carrier, string number, string toppedUp)
    {
        var card = await client.Register($$"""{"carrier":"{{carrier}}","lines":[{"number":"{{number}}","product":"prepaid"}]}""");
        (await client.Post($"/v1/cards/{card}/top-ups", $$"""{"amount":"100","currency":"PHP","at":"{{toppedUp}}"}""")).Is(System.Net.HttpStatusCode.OK);
        return card;
    }

    /// <summary>The one line of a card, as it stands.</summary>
    public static async Task<JsonElement> LineOf(ApiClient client, Guid card) => (await client.Get($"/v1/cards/{card}")).Json.GetProperty("lines")[0];

    /// <summary>The line as the due list has it, which is what the view holds.</summary>
    public static async Task<JsonElement> Listed(ApiClient client, Guid card) =>
        (await client.Get("/v1/due-list?limit=200")).Json.GetProperty("items").EnumerateArray().Single(l => l.GetProperty("cardId").GetGuid() == card);

    /// <summary>Waits for a job's end.</summary>
    public static async Task<JsonElement> Finished(ApiClient client, string address)
    {
        for (var tries = 0; tries < 6; tries++)
        {
            var job = (await client.Get($"{address}?wait=20")).Is(System.Net.HttpStatusCode.OK).Json;
            if (job.GetProperty("finishedAt").ValueKind != JsonValueKind.Null) return job;
        }

        throw new TimeoutException($"{address} did not finish.");
    }

    /// <summary>Asks for the impact of a change and waits for it.</summary>
    public static async Task<(Guid Id, JsonElement Result)> Impact(ApiClient client, string code, string change)
    {
        var asked = (await client.Post($"/v1/carriers/{code}/impact", change)).Is(System.Net.HttpStatusCode.Accepted);
        var job = await Finished(client, asked.Header("Location")!);
        Assert.Equal("succeeded", job.GetProperty("state").GetString());
        return (job.GetProperty("jobId").GetGuid(), (await client.Get(job.GetProperty("result").GetString()!)).Is(System.Net.HttpStatusCode.OK).Json);
    }

    /// <summary>Publishes after the impact was looked at, and waits until the lines have followed.</summary>
    public static async Task<JsonElement> Publish(ApiClient client, string code, string change)
    {
        var (impact, _) = await Impact(client, code, change);
        var published = (await client.Post($"/v1/carriers/{code}/publications", $$"""{"impact":"{{impact}}"}""")).Is(System.Net.HttpStatusCode.OK).Json;
        var job = await Finished(client, published.GetProperty("job").GetString()!);
        Assert.Equal("succeeded", job.GetProperty("state").GetString());
        return published;
    }
}
