using OpenTelemetry;
using OpenTelemetry.Logs;

namespace SimLedger.Server.Hosting;

/// <summary>
/// Takes the organisation's name from log records that leave by OTLP: their receiver may be another company's. The local log keeps it, for
/// those who run the server. The body that is sent is the message's template, so nothing is left of the value. Errors as in <see cref="LoggedError"/>.
/// </summary>
internal sealed class LogGuard : BaseProcessor<LogRecord>
{
    private const string Name = "Tenant";

    public override void OnEnd(LogRecord data)
    {
        if (data.Exception is { } error) data.Exception = LoggedError.From(error);
        if (data.Attributes is not { } attributes || !attributes.Any(a => a.Key == Name)) return;
        data.Attributes = [.. attributes.Where(a => a.Key != Name)];
    }
}
