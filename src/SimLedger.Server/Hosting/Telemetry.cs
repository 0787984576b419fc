using OpenTelemetry;
using OpenTelemetry.Logs;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace SimLedger.Server.Hosting;

/// <summary>
/// Traces, metrics and logs by OTLP, where OTEL_EXPORTER_OTLP_ENDPOINT names a receiver; the other OTEL_ settings hold as OpenTelemetry says. What
/// leaves must hold no personal data and no organisation's name: see <see cref="ServerSpan"/>, <see cref="SpanGuard"/> and <see cref="LogGuard"/>.
/// </summary>
internal static class Telemetry
{
    private const string Endpoint = "OTEL_EXPORTER_OTLP_ENDPOINT";

    /// <summary>Call before the other hosted services are added: what they do at their start is told too.</summary>
    public static void Add(IServiceCollection services, IConfiguration configuration)
    {
        if (string.IsNullOrWhiteSpace(configuration[Endpoint])) return;
        services.AddHostedService<Start>();
        new Builder(services)
            .WithTracing(traces => traces
                .ConfigureResource(Describe)
                .AddSource("Microsoft.AspNetCore", "System.Net.Http", "Npgsql", "SimLedger.*")
                .AddProcessor(new SpanGuard()))
            .WithMetrics(metrics => metrics
                .ConfigureResource(Describe)
                .AddMeter("Microsoft.AspNetCore.*", "Npgsql", "System.Runtime", "SimLedger"))
            .WithLogging(logs => logs.ConfigureResource(Describe).AddProcessor(new LogGuard()), options => options.IncludeFormattedMessage = false)
            .UseOtlpExporter();
    }

    private static void Describe(ResourceBuilder resource) => resource.AddService("simledger", serviceVersion: typeof(Telemetry).Assembly.GetName().Version?.ToString(3));

    private sealed class Builder(IServiceCollection services) : IOpenTelemetryBuilder
    {
        public IServiceCollection Services { get; } = services;
    }

    /// <summary>The providers listen only once somebody has asked for them. The container ends them, which sends what is left.</summary>
    private sealed class Start(IServiceProvider services) : IHostedService
    {
        public Task StartAsync(CancellationToken cancellationToken)
        {
            services.GetRequiredService<TracerProvider>();
            services.GetRequiredService<MeterProvider>();
            services.GetRequiredService<LoggerProvider>();
            return Task.CompletedTask;
        }

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
