using System.Net;
using System.Text.Json;
using SimLedger.IntegrationTests.Http;
using SimLedger.Server.DueList;
using SimLedger.Server.Hosting;
using SimLedger.Server.Jobs;

namespace SimLedger.IntegrationTests.Hosting;

/// <summary>/readyz tells when what works in the background has stopped, or is far behind.</summary>
public sealed class Pulses : IAsyncLifetime
{
    private static readonly DateTimeOffset Start = new(2026, 11, 21, 4, 0, 0, TimeSpan.Zero);

    private readonly StoppedClock _clock = new(Start);
    private TestDatabase _database = null!;
    private ApiHost _host = null!;

    public async Task InitializeAsync()
    {
        _database = await TestDatabase.Create();
        _host = await ApiHost.Start(_database.App, _clock);
        await Ready();
        await BothWorkersWait();
    }

    public async Task DisposeAsync() => await _host.DisposeAsync();

    [Fact]
    public async Task Workers_that_stopped_make_the_server_not_ready_and_are_named()
    {
        _clock.Now = Start + WorkerPulse.Bound;
        Assert.Equal(("ok", "ok"), (await Check("worker"), await Check("jobs")));

        _clock.Now = Start + WorkerPulse.Bound + TimeSpan.FromSeconds(60);

        Assert.Equal("the last round ended 180 s ago", await Check("worker", HttpStatusCode.ServiceUnavailable));
        Assert.Equal("the last round ended 180 s ago", await Check("jobs", HttpStatusCode.ServiceUnavailable));
        _host.Get<KeeperPulse>().Beat();
        Assert.Equal("ok", await Check("worker", HttpStatusCode.ServiceUnavailable));
        _host.Get<JobsPulse>().Beat();
        await Ready();
    }

    [Fact]
    public void A_worker_may_take_minutes_for_its_first_round_but_not_for_ever()
    {
        var pulse = new WorkerPulse(_clock);

        _clock.Now = Start + WorkerPulse.StartTime;
        Assert.Null(pulse.Trouble());
        _clock.Now += TimeSpan.FromSeconds(1);
        Assert.Equal("no round has ended since the start 301 s ago", pulse.Trouble());
        pulse.Beat();
        Assert.Null(pulse.Trouble());
    }

    [Fact]
    public async Task Rows_far_behind_what_the_keeper_allows_itself_make_the_server_not_ready()
    {
        var client = await _host.NewOrganisation();
        await client.Register("""{"carrier": "ph-tm", "lines": [{"number": "+639000000001", "product": "prepaid"}]}""");
        await _database.Tamper("update card_standing set next_change_at = '2026-11-21T03:00:00Z', holds_until = '2026-11-21T03:00:00Z'");
        var pulse = _host.Get<KeeperPulse>();

        await pulse.Turn(client.Tenant, more: true, default);
        Assert.Equal("ok", await Check("viewLag")); // The round is not over.
        pulse.RoundEnded();

        // An hour less the quarter for which the keeper leaves rows alone.
        Assert.Equal("rows are 2700 s behind", await Check("viewLag", HttpStatusCode.ServiceUnavailable));
        await pulse.Turn(client.Tenant, more: false, default);
        pulse.RoundEnded();
        await Ready();
    }

    /// <summary>They have ended their first round, and wait on a clock that stands: none reports behind a test's back.</summary>
    private async Task BothWorkersWait()
    {
        for (var tries = 0; !_clock.Waits.Contains(StandingKeeper.Pause) || !_clock.Waits.Contains(JobRunner.Pause); tries++)
        {
            Assert.True(tries < 300, string.Join(", ", _clock.Waits));
            await Task.Delay(100);
        }
    }

    private async Task Ready()
    {
        for (var tries = 0; ; tries++)
        {
            var answer = await Ask();
            if (answer.Status == HttpStatusCode.OK) return;
            Assert.True(tries < 50, answer.Text);
            await Task.Delay(100);
        }
    }

    private async Task<string> Check(string name, HttpStatusCode status = HttpStatusCode.OK) =>
        (await Ask()).Is(status).Json.GetProperty("checks").GetProperty(name).GetString() ?? throw new JsonException(name);

    private Task<ApiAnswer> Ask() => new ApiClient(_host.Url, default, null, default).Get("/readyz");
}
