using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using SimLedger.Ledger.Tenancy;
using SimLedger.Rules;
using SimLedger.Server.DueList;
using SimLedger.Server.Http;
using SimLedger.Server.Importing;
using SimLedger.Server.UseCases;

namespace SimLedger.Server.Verbs;

/// <summary>demo: serve, with an organisation and a fleet to look at. Run again it goes on with its data.</summary>
internal static partial class DemoVerb
{
    /// <summary>The day on which the shipped fleet is as its file says; its dates are moved so that it always looks like a fleet of today.</summary>
    private static readonly DateOnly FleetDay = new(2026, 11, 21);

    private static readonly TenantId Demo = TenantId.Of("demo");

    public static Task<int> Run(CancellationToken cancel) => ServeVerb.Serve((services, url) => Prepare(services, url, cancel), cancel);

    private static async Task Prepare(IServiceProvider services, string url, CancellationToken cancel)
    {
        if (await services.GetRequiredService<Tenants>().Create(Demo, cancel)) await Import(services, cancel);
        else await Console.Error.WriteLineAsync("Going on with the data of the organisation demo.");

        var key = ApiKey.New();
        await ReplaceKey(services.GetRequiredService<Credentials>(), key, cancel);
        Print(url, key, await SomeCard(services, cancel));
    }

    private static async Task Import(IServiceProvider services, CancellationToken cancel)
    {
        var csv = await File.ReadAllTextAsync(Path.Combine(AppContext.BaseDirectory, "Demo", "fleet.csv"), cancel);
        var today = DateOnly.FromDateTime(services.GetRequiredService<TimeProvider>().GetUtcNow().UtcDateTime);
        var shift = today.DayNumber - FleetDay.DayNumber;
        var moved = Dates().Replace(csv, day => DateOnly.ParseExact(day.Value, "yyyy-MM-dd", CultureInfo.InvariantCulture).AddDays(shift).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture));
        using var stream = new MemoryStream(Encoding.UTF8.GetBytes(moved));
        var order = new ImportOrder(Demo, Guid.CreateVersion7(services.GetRequiredService<TimeProvider>().GetUtcNow()), "system:demo", "demo");
        var counts = await services.GetRequiredService<FleetImport>().Run(order, stream, null, _ => { }, _ => ValueTask.CompletedTask, cancel);
        await Console.Error.WriteLineAsync($"Created the organisation demo and imported its fleet: {ImportVerb.Summary(counts)}.");
    }

    /// <summary>One demo key at a time: keys are shown once, so each run makes its own and ends the one before.</summary>
    private static async Task ReplaceKey(Credentials credentials, string key, CancellationToken cancel)
    {
        const string name = "demo";
        foreach (var old in await credentials.List(Demo, cancel))
        {
            if (old.Name == name && old.RevokedAt is null) await credentials.Revoke(Demo, old.Id, cancel);
        }
        await credentials.Add(Demo, Guid.CreateVersion7(), name, [Authentication.Read, Authentication.Write], ApiKey.Hash(key), cancel);
    }

    /// <summary>The most urgent card that is still active: a top-up of it shows what a top-up does.</summary>
    private static async Task<StandingRow?> SomeCard(IServiceProvider services, CancellationToken cancel)
    {
        var page = await services.GetRequiredService<DueListQuery>().Page(
            Demo, new DueListFilter(null, [Stage.Active], ["ph-tm"]), null, services.GetRequiredService<CardLedger>().Now, 1, cancel);
        return page.Rows.Count > 0 ? page.Rows[0] : null;
    }

    private static void Print(string url, string key, StandingRow? row)
    {
        Console.WriteLine($"API key of the organisation demo: {key}");
        Console.WriteLine();
        Console.WriteLine("What is due in the next 30 days:");
        Console.WriteLine($"  curl -s -H 'Authorization: Bearer {key}' '{url}/v1/due-list?within=30d&limit=5'");
        if (row is null) return;
        Console.WriteLine($"The history of the card {row.Number}:");
        Console.WriteLine($"  curl -s -H 'Authorization: Bearer {key}' '{url}/v1/cards/{row.CardId:D}/history'");
        Console.WriteLine("Record a top-up of it, now:");
        Console.WriteLine($"  curl -s -X POST -H 'Authorization: Bearer {key}' -H 'Idempotency-Key: {Guid.CreateVersion7():D}' -H 'Content-Type: application/json' -d '{{\"amount\":\"300\",\"currency\":\"PHP\"}}' '{url}/v1/cards/{row.CardId:D}/top-ups'");
        Console.WriteLine();
    }

    [GeneratedRegex(@"(?<=,)\d{4}-\d{2}-\d{2}(?=,)")]
    private static partial Regex Dates();
}
