using System.Diagnostics;
using Microsoft.Extensions.Logging.Abstractions;
using SimLedger.IntegrationTests.Feed;
using SimLedger.IntegrationTests.Http;
using SimLedger.Ledger;
using SimLedger.Ledger.Tenancy;
using SimLedger.Server.Hosting;
using SimLedger.Server.Importing;
using SimLedger.Server.Jobs;

namespace SimLedger.IntegrationTests.Importing;

/// <summary>Goal: what is stored of an import goes in its time, not before. Method: the hourly sweep itself, each hour a tenth of a second, by a clock that is set.</summary>
public sealed class SweptFiles : IAsyncLifetime
{
    private static readonly DateTimeOffset Start = new(2026, 11, 21, 2, 0, 0, TimeSpan.Zero);

    private readonly SetClock _clock = new() { Now = Start };
    private TestDatabase _database = null!;
    private ApiHost _host = null!;
    private ApiClient _client = null!;

    public async Task InitializeAsync()
    {
        _database = await TestDatabase.Create();
        _host = await ApiHost.Start(_database.App, _clock);
        _client = await _host.NewOrganisation();
    }

    public async Task DisposeAsync() => await _host.DisposeAsync();

    [Fact]
    public async Task The_file_of_an_ended_import_goes_at_once_and_its_report_with_the_job()
    {
        var job = Imports.Id(await _client.ImportWhole(Imports.File(3)));
        Assert.Equal((1L, 1L), (await Chunks(job, "file"), await Chunks(job, "report")));

        await Swept();
        Assert.Equal((0L, 1L), (await Chunks(job, "file"), await Chunks(job, "report")));

        _clock.Now = Start + JobStore.Kept - TimeSpan.FromHours(1);
        await Swept();
        Assert.Equal(4, (await _client.Report(job)).Count);

        _clock.Now = Start + JobStore.Kept + TimeSpan.FromHours(1);
        await Swept();
        Assert.Equal((0L, 0L), (await Chunks(job, "file"), await Chunks(job, "report")));
    }

    [Fact]
    public async Task A_file_whose_job_never_came_goes_after_six_hours_and_one_whose_import_waits_stays()
    {
        var (orphan, waiting) = (Guid.CreateVersion7(Start), Guid.CreateVersion7(Start));
        foreach (var id in new[] { orphan, waiting }) await _host.Get<ImportFiles>().Add(_client.Tenant, id, 0, new ArraySegment<byte>([1]), default);
        await _database.Tamper($"""
            insert into jobs (tenant_id, job_id, kind, subject, state, request, actor, created_at)
            values ('{_client.Tenant}', '{waiting}', 'of-no-runner', 'x', 'queued', 'null', 'test', '2026-11-21 02:00Z')
            """);

        _clock.Now = Start + ImportFiles.Orphaned - TimeSpan.FromMinutes(1);
        await Swept();
        Assert.Equal((1L, 1L), (await Chunks(orphan, "file"), await Chunks(waiting, "file")));

        _clock.Now = Start + ImportFiles.Orphaned + TimeSpan.FromMinutes(1);
        await Swept();
        Assert.Equal((0L, 1L), (await Chunks(orphan, "file"), await Chunks(waiting, "file")));
    }

    /// <summary>A whole round of the sweep from here on: of two marks that it takes away, the second was made after it had taken the first.</summary>
    private async Task Swept()
    {
        using var sweep = new Sweep(
            _host.Get<TenantDatabase>(), _host.Get<IdempotencyRows>(), _host.Get<JobStore>(), _host.Get<ImportFiles>(), new Streaming.HurriedClock(36_000), NullLogger<Sweep>.Instance);
        await sweep.StartAsync(default);
        for (var round = 0; round < 2; round++)
        {
            var mark = Guid.CreateVersion7(Start);
            await _host.Get<ImportFiles>().Add(_client.Tenant, mark, 0, new ArraySegment<byte>([1]), default);
            await _database.Tamper($"update import_files set created_at = '2026-11-01 00:00Z' where job_id = '{mark}'");
            for (var waited = Stopwatch.StartNew(); await Chunks(mark, "file") > 0; await Task.Delay(20)) Assert.True(waited.Elapsed < TimeSpan.FromMinutes(1), "No sweep within a minute.");
        }
        await sweep.StopAsync(default);
    }

    private async Task<long> Chunks(Guid job, string kind) => (long)(await _database.Tamper($"select count(*) from import_files where job_id = '{job}' and kind = '{kind}'"))!;
}
