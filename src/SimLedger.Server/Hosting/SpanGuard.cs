using System.Diagnostics;
using OpenTelemetry;

namespace SimLedger.Server.Hosting;

/// <summary>
/// Takes from every span what can hold a person's data, whichever library put it there: addresses of requests (numbers and owners stand in them),
/// clients' own addresses and programs, and what a tracestate or baggage of a client's making brings along.
/// </summary>
internal sealed class SpanGuard : BaseProcessor<Activity>
{
    private static readonly string[] Taken =
    [
        "url.path", "url.query", "url.full", "http.url", "http.target", "user_agent.original", "http.user_agent", "client.address", "client.port",
        "network.peer.address", "network.peer.port", "db.query.parameter", "db.connection_string",
    ];

    // What a library writes about an error of PostgreSQL is put into words that quote no values, before the library does it.
    private readonly ActivityListener _errors = new()
    {
        ShouldListenTo = source => source.Name == "Npgsql",
        ExceptionRecorder = (Activity _, Exception error, ref TagList tags) =>
        {
            var logged = LoggedError.From(error);
            tags.Add("exception.message", logged.Message);
            tags.Add("exception.stacktrace", logged.ToString());
        },
    };

    public SpanGuard() => ActivitySource.AddActivityListener(_errors);

    /// <summary>Runs before the exporter's processor, which is added after it.</summary>
    public override void OnEnd(Activity data)
    {
        foreach (var name in Taken)
        {
            if (data.GetTagItem(name) is not null) data.SetTag(name, null);
        }
        if (data.TraceStateString is not null) data.TraceStateString = ""; // Null would mean: as the parent's.
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing) _errors.Dispose();
        base.Dispose(disposing);
    }
}
