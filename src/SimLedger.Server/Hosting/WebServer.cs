using Microsoft.AspNetCore.Http.Timeouts;
using Npgsql;
using SimLedger.Ledger;
using SimLedger.Ledger.Tenancy;
using SimLedger.Ledger.Verification;
using SimLedger.Server.DueList;
using SimLedger.Server.Exporting;
using SimLedger.Server.Feed;
using SimLedger.Server.Http;
using SimLedger.Server.Importing;
using SimLedger.Server.Jobs;
using SimLedger.Server.RulesInForce;
using SimLedger.Server.UseCases;

namespace SimLedger.Server.Hosting;

/// <summary>The HTTP server: what it is made of and which addresses it has.</summary>
internal static class WebServer
{
    /// <summary>No request is worked on longer; the client gets 503 and may repeat it.</summary>
    private static readonly TimeSpan RequestTime = TimeSpan.FromSeconds(30);

    public static WebApplication Build(string connection, IConfiguration configuration, TimeProvider clock)
    {
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { ContentRootPath = AppContext.BaseDirectory });
        builder.Configuration.AddConfiguration(configuration);
        builder.WebHost.UseUrls(configuration["ASPNETCORE_URLS"] ?? configuration["urls"] ?? Settings.DefaultUrl);
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = 1024 * 1024;
        });
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = TimeSpan.FromSeconds(20));
        builder.Services.Configure<ConsoleLifetimeOptions>(console => console.SuppressStatusMessages = true);
        builder.Services.AddRequestTimeouts(options => options.DefaultPolicy = new RequestTimeoutPolicy
        {
            Timeout = RequestTime,
            TimeoutStatusCode = StatusCodes.Status503ServiceUnavailable,
            WriteTimeoutResponse = http => new Problem(ProblemKind.Busy, $"The request took longer than {RequestTime.TotalSeconds:0} seconds. Repeat it with the same idempotency key.")
            {
                RetryAfter = TimeSpan.FromSeconds(2),
            }.ExecuteAsync(http),
        });
        AddServices(builder.Services, connection, clock);
        builder.Services.AddHostedService<StandingKeeper>();
        builder.Services.AddHostedService<Sweep>();
        builder.Services.AddHostedService<JobRunner>();
        builder.Services.AddHostedService(s => s.GetRequiredService<FeedWatch>());

        var app = builder.Build();
        app.Use(WithRequestId);
        app.Use(WithProblems);
        app.UseRequestTimeouts();
        app.UseMiddleware<Authentication>();
        app.UseRouting();
        MapAddresses(app);
        return app;
    }

    /// <summary>Everything a use case needs; also what the verbs beside `serve` are made of.</summary>
    public static void AddServices(IServiceCollection services, string connection, TimeProvider clock)
    {
        services.AddSingleton(clock);
        services.AddSingleton(_ => TenantDatabase.Open(connection));
        services.AddSingleton(CardStandingView.View);
        services.AddSingleton(s => new EventLedger(s.GetRequiredService<TenantDatabase>(), s.GetServices<InlineView>(), clock, s.GetRequiredService<ILogger<EventLedger>>()));
        services.AddSingleton<PublishedPacks>();
        services.AddSingleton<AuditTrail>();
        services.AddSingleton<TenantHeads>();
        services.AddSingleton<FeedWatch>();
        services.AddSingleton<FeedStream>();
        services.AddSingleton<ReadEvents>();
        services.AddSingleton<ExportAnswer>();
        services.AddSingleton<ChainVerifier>();
        services.AddSingleton<VerifyAudit>();
        services.AddSingleton(s => s.GetRequiredService<VerifyAudit>().Job);
        services.AddSingleton<HeldNames>();
        services.AddSingleton<IdempotencyRows>();
        services.AddSingleton<Tenants>();
        services.AddSingleton<Credentials>();
        services.AddSingleton<RuleBook>();
        services.AddSingleton<CardLedger>();
        services.AddSingleton<DueListQuery>();
        services.AddSingleton<Reappraisal>();
        services.AddSingleton<RuleProposals>();
        services.AddSingleton<RuleImpact>();
        services.AddSingleton<PlanLines>();
        services.AddSingleton<ImpactOfRules>();
        services.AddSingleton<PublishRules>();
        services.AddSingleton<JobStore>();
        services.AddSingleton<JobRequests>();
        services.AddSingleton(s => s.GetRequiredService<Reappraisal>().Job);
        services.AddSingleton(s => s.GetRequiredService<ImpactOfRules>().Job);
        services.AddSingleton<FleetImport>();
        services.AddSingleton<InFlightKeys>();
        services.AddSingleton<CardRequests>();
    }

    private static void MapAddresses(WebApplication app)
    {
        Health.Map(app);
        RegisterCard.Map(app);
        ActivateCard.Map(app);
        TopUpCard.Map(app);
        RenewCard.Map(app);
        StateExpiry.Map(app);
        VoidEntry.Map(app);
        ReadCard.Map(app);
        QuoteCard.Map(app);
        ReadHistory.Map(app);
        ExplainCard.Map(app);
        ReadDueList.Map(app);
        PlanRenewals.Map(app);
        ReadAudit.Map(app);
        ReadEvents.Map(app);
        VerifyAudit.Map(app);
        ExportAudit.Map(app);
        ExportDueList.Map(app);
        ReadCarriers.Map(app);
        ImpactOfRules.Map(app);
        PublishRules.Map(app);
        ReadJobs.Map(app);
        CancelJob.Map(app);
    }

    private static Task WithRequestId(HttpContext http, RequestDelegate next)
    {
        http.TraceIdentifier = Guid.CreateVersion7().ToString("D");
        http.Response.Headers[RequestId.Header] = http.TraceIdentifier;
        return next(http);
    }

    /// <summary>Whatever goes wrong leaves as a problem: bare status codes of the framework, a lost database, our own bugs.</summary>
    private static async Task WithProblems(HttpContext http, RequestDelegate next)
    {
        try
        {
            await next(http);
            if (http.Response.HasStarted || http.Response.ContentType is not null) return;
            if (http.Response.StatusCode == StatusCodes.Status404NotFound) await new Problem(ProblemKind.NotFound, "Check path and method; every address starts with /v1, ids are UUIDs.").ExecuteAsync(http);
            if (http.Response.StatusCode == StatusCodes.Status405MethodNotAllowed) await new Problem(ProblemKind.MethodNotAllowed, $"Allowed here: {http.Response.Headers.Allow}.").ExecuteAsync(http);
        }
        catch (OperationCanceledException) when (http.RequestAborted.IsCancellationRequested && http.Features.Get<IHttpRequestTimeoutFeature>()?.RequestTimeoutToken.IsCancellationRequested != true)
        {
            http.Response.StatusCode = 499; // The client has gone; nobody reads this but the log.
        }
        catch (BadHttpRequestException error) when (!http.Response.HasStarted)
        {
            await (error.StatusCode == StatusCodes.Status413PayloadTooLarge
                ? new Problem(ProblemKind.BodyTooLarge, "The body is larger than a command may have.")
                : new Problem(ProblemKind.InvalidRequest, "The request is not well-formed HTTP.")).ExecuteAsync(http);
        }
        catch (Exception error) when (error is NpgsqlException { IsTransient: true } or TimeoutException && !http.Response.HasStarted)
        {
            Log(http).LogWarning(error, "The database could not be reached for {Method} {Path}.", http.Request.Method, http.GetEndpoint()?.DisplayName);
            await new Problem(ProblemKind.DatabaseUnavailable, "Repeat the request with the same idempotency key in a while.") { RetryAfter = TimeSpan.FromSeconds(2) }.ExecuteAsync(http);
        }
        catch (Exception error) when (error is not OperationCanceledException && !http.Response.HasStarted)
        {
            Log(http).LogError(error, "Request {RequestId} failed in an unforeseen way.", http.TraceIdentifier);
            await new Problem(ProblemKind.Internal, $"The error is logged under {http.TraceIdentifier}. Repeating the request with the same idempotency key is safe.").ExecuteAsync(http);
        }
    }

    private static ILogger Log(HttpContext http) => http.RequestServices.GetRequiredService<ILoggerFactory>().CreateLogger("SimLedger.Http");
}
