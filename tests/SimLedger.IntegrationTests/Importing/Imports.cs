using System.Net;
using System.Text;
using System.Text.Json;
using CsvHelper;
using SimLedger.IntegrationTests.Http;

namespace SimLedger.IntegrationTests.Importing;

/// <summary>Sends fleet files as clients do, and waits for what becomes of them.</summary>
internal static class Imports
{
    public const string Header = "number,iccid,carrier,product,activated_on,last_topup_on,last_topup_amount,currency,owner,notes";

    /// <summary>Rows of cards with a number each, an activation and a top-up.</summary>
    public static string Rows(int count, int from = 0) =>
        string.Concat(Enumerable.Range(from, count).Select(i => $"+6390{i:00000000},,ph-tm,prepaid,2026-01-01,2026-02-01,300,PHP,Ana Cruz,\n"));

    public static string File(int rows) => $"{Header}\n{Rows(rows)}";

    /// <param name="query">Such as <c>dryRun=true</c>.</param>
    public static Task<ApiAnswer> Import(this ApiClient client, string file, string query = "", string? key = null) =>
        client.Import(Encoding.UTF8.GetBytes(file), query, key);

    public static Task<ApiAnswer> Import(this ApiClient client, byte[] file, string query = "", string? key = null) =>
        client.Send(HttpMethod.Post, $"/v1/imports{(query.Length > 0 ? "?" : "")}{query}", ApiClient.Json(file, "text/csv; charset=utf-8"), ("Idempotency-Key", key ?? Guid.NewGuid().ToString()));

    /// <summary>Imports a file that must be taken, and waits for the end of the job.</summary>
    /// <returns>The job.</returns>
    public static async Task<JsonElement> ImportWhole(this ApiClient client, string file, string query = "")
    {
        var started = (await client.Import(file, query)).Is(HttpStatusCode.Accepted);
        return await client.Ended(started);
    }

    public static async Task<JsonElement> Ended(this ApiClient client, ApiAnswer started)
    {
        Assert.StartsWith("/v1/jobs/", started.Header("Location"), StringComparison.Ordinal);
        return await client.Ended(Id(started.Json));
    }

    public static async Task<JsonElement> Ended(this ApiClient client, Guid job)
    {
        for (var tries = 0; tries < 12; tries++)
        {
            var answer = (await client.Get($"/v1/jobs/{job}?wait=20")).Is(HttpStatusCode.OK).Json;
            if (answer.GetProperty("finishedAt").ValueKind != JsonValueKind.Null) return answer;
        }
        throw new TimeoutException($"Job {job} did not end within four minutes.");
    }

    public static Guid Id(JsonElement job) => job.GetProperty("jobId").GetGuid();

    public static async Task<JsonElement> Result(this ApiClient client, JsonElement job)
    {
        Assert.True(job.GetProperty("state").GetString() == "succeeded", job.ToString());
        return (await client.Get($"/v1/jobs/{Id(job)}/result")).Is(HttpStatusCode.OK).Json;
    }

    /// <summary>Rows, created, changed, unchanged, refused.</summary>
    public static (int Rows, int Created, int Changed, int Unchanged, int Refused) Counts(JsonElement result) =>
        (Count(result, "rows"), Count(result, "created"), Count(result, "changed"), Count(result, "unchanged"), Count(result, "refused"));

    public static async Task<List<string[]>> Report(this ApiClient client, Guid job, bool raw = false)
    {
        var answer = (await client.Get($"/v1/imports/{job}/report{(raw ? "?raw=true" : "")}")).Is(HttpStatusCode.OK);
        Assert.Equal("text/csv", answer.ContentHeaders.ContentType?.MediaType);
        using var csv = CsvReader.Create(answer.Bytes, new CsvReaderOptions { HasHeader = false });
        var lines = new List<string[]>();
        while (csv.Read()) lines.Add([.. Enumerable.Range(0, csv.FieldCount).Select(csv.GetString)]);
        return lines;
    }

    public static async Task<ApiAnswer> Undo(this ApiClient client, Guid import, string body = "{}") => await client.Post($"/v1/imports/{import}/undo", body);

    public static async Task<JsonElement> UndoWhole(this ApiClient client, Guid import, string body = "{}") =>
        await client.Result(await client.Ended((await client.Undo(import, body)).Is(HttpStatusCode.Accepted)));

    private static int Count(JsonElement result, string name) => result.GetProperty(name).GetInt32();
}
