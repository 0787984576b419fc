using System.Buffers;
using System.Globalization;
using System.IO.Pipelines;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Http.Features;
using Npgsql;
using SimLedger.Ledger;
using SimLedger.Ledger.Tenancy;
using SimLedger.Server.Http;
using SimLedger.Server.UseCases;

namespace SimLedger.Server.Feed;

/// <summary>The feed as Server-Sent Events (HTML standard, section 9.2): each fact an event whose id is its position.</summary>
internal sealed class FeedStream(EventLedger ledger, FeedWatch watch, Credentials credentials, IHostApplicationLifetime host, TimeProvider clock, ILogger<FeedStream> log)
{
    /// <summary>Then the server ends it and the client comes again, perhaps to a server that has less to do.</summary>
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(10);

    /// <summary>Sooner than what stands in between takes a silent connection for dead. So often the key is looked at, too.</summary>
    private static readonly TimeSpan KeepAlive = TimeSpan.FromSeconds(15);

    /// <summary>How long the client may leave written bytes unread before it is let go.</summary>
    private static readonly TimeSpan WriteTime = TimeSpan.FromMinutes(1);

    /// <summary>Facts in memory at once, as long as they are no larger than <see cref="Limits.FeedBytes"/>.</summary>
    private const int PageSize = 500;

    private const int FlushBytes = 32 * 1024;

    /// <summary>Sends facts from after the position until the time is over, the client goes, its key is revoked or the server stops.</summary>
    public async Task Run(HttpContext http, Credential credential, long after)
    {
        var tenant = credential.Tenant;
        http.Response.ContentType = "text/event-stream";
        http.Response.Headers.CacheControl = "no-store";
        http.Response.Headers["X-Accel-Buffering"] = "no"; // Proxies that know it pass each event on at once.
        http.Features.Get<IHttpResponseBodyFeature>()?.DisableBuffering();
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(http.RequestAborted, host.ApplicationStopping);
        var output = http.Response.BodyWriter;
        using var lines = new FactLines(output);
        try
        {
            var (began, looked) = (clock.GetTimestamp(), clock.GetTimestamp());
            Write(output, "retry: 2000\n\n");
            await Flush(output, ended.Token);
            while (clock.GetElapsedTime(began) < Longest)
            {
                if (clock.GetElapsedTime(looked) >= KeepAlive)
                {
                    if (!await credentials.IsGood(credential, ended.Token)) break;
                    looked = clock.GetTimestamp();
                }
                var facts = await ledger.ReadFeed(tenant, after, PageSize, ended.Token);
                foreach (var fact in facts)
                {
                    lines.Write(fact);
                    after = fact.Position;
                    if (output.UnflushedBytes > FlushBytes) await Flush(output, ended.Token);
                }
                await Flush(output, ended.Token);
                if (facts.Count == PageSize || await watch.Beyond(tenant, after, KeepAlive, ended.Token)) continue;
                Write(output, ": still here\n\n");
                await Flush(output, ended.Token);
            }
        }
        catch (OperationCanceledException) when (ended.IsCancellationRequested)
        {
            // The client has gone or the server stops: there is nobody to tell, and the next one goes on after the last id.
        }
        catch (OperationCanceledException)
        {
            log.LogInformation("A client of {Tenant} did not read its feed for {Time} and was let go.", tenant, WriteTime);
            http.Abort();
        }
        catch (Exception error) when (error is NpgsqlException or TimeoutException)
        {
            log.LogWarning("The feed of {Tenant} ended ({Error}); its client comes again.", tenant, error.Message);
        }
    }

    private static void Write(PipeWriter output, string text) => Encoding.UTF8.GetBytes(text, output);

    private async Task Flush(PipeWriter output, CancellationToken cancel)
    {
        using var patience = new CancellationTokenSource(WriteTime, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancel, patience.Token);
        await output.FlushAsync(either.Token);
    }

    /// <summary>Writes facts as events, all through one buffer.</summary>
    private sealed class FactLines(PipeWriter output) : IDisposable
    {
        private readonly ArrayBufferWriter<byte> _line = new(1024);
        private readonly Utf8JsonWriter _json = new(Stream.Null, JsonText.Written);

        public void Write(StoredEvent fact)
        {
            FeedStream.Write(output, string.Create(CultureInfo.InvariantCulture, $"id: {fact.Position}\nevent: {fact.Type}\ndata: "));
            _line.ResetWrittenCount();
            _json.Reset(_line);
            FactJson.Write(_json, fact);
            _json.Flush();
            var written = output.GetSpan(_line.WrittenCount)[.._line.WrittenCount];
            _line.WrittenSpan.CopyTo(written);
            JsonText.OnOneLine(written);
            output.Advance(written.Length);
            FeedStream.Write(output, "\n\n");
        }

        public void Dispose() => _json.Dispose();
    }
}
