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
    public static WebApplication Build(string connection, IConfiguration configuration, TimeProvider clock)
    {
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { ContentRootPath = AppContext.BaseDirectory });
        builder.Configuration.AddConfiguration(configuration);
        Logs.Configure(builder.Logging, configuration);
        builder.WebHost.UseUrls(configuration["ASPNETCORE_URLS"] ?? configuration["urls"] ?? Settings.DefaultUrl);
        builder.WebHost.ConfigureKestrel(Deadlines.Set);
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = TimeSpan.FromSeconds(20));
        builder.Services.Configure<ConsoleLifetimeOptions>(console => console.SuppressStatusMessages = true);
        builder.Services.AddRequestTimeouts(Deadlines.Set);
        AddServices(builder.Services, connection, clock);
        Telemetry.Add(builder.Services, configuration);
        if (Settings.Keeps(configuration)) builder.Services.AddHostedService<StandingKeeper>();
        builder.Services.AddHostedService<Sweep>();
        builder.Services.AddHostedService<JobRunner>();
        builder.Services.AddHostedService(s => s.GetRequiredService<FeedWatch>());

        var app = builder.Build();
        app.Use(ServerSpan.Around);
        app.Use(Conventions.WithRequestId);
        app.Use(ProblemAnswers.Around);
        app.Use(RequestSize.Check);
        app.Use(Conventions.HeadAsGet);
        app.UseRouting();
        app.UseRequestTimeouts(); // After routing: an address may have a time of its own.
        app.UseMiddleware<Authentication>();
        app.Use(Conventions.CheckAccept);
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
        services.AddSingleton<NumberDoubts>();
        services.AddSingleton<CardLedger>();
        services.AddSingleton<DueListQuery>();
        services.AddSingleton<KeptSummaries>();
        services.AddSingleton<CardSearch>();
        services.AddSingleton<DueListHistory>();
        services.AddSingleton<KeeperPulse>();
        services.AddSingleton<Reappraisal>();
        services.AddSingleton<RuleProposals>();
        services.AddSingleton<RuleImpact>();
        services.AddSingleton<PlanLines>();
        services.AddSingleton<ImpactOfRules>();
        services.AddSingleton<PublishRules>();
        services.AddSingleton<JobStore>();
        services.AddSingleton<JobsPulse>();
        services.AddSingleton<JobsMeter>();
        services.AddSingleton<JobRequests>();
        services.AddSingleton(s => s.GetRequiredService<Reappraisal>().Job);
        services.AddSingleton(s => s.GetRequiredService<ImpactOfRules>().Job);
        services.AddSingleton<GrowingTables>();
        services.AddSingleton<FleetImport>();
        services.AddSingleton<ImportFiles>();
        services.AddSingleton<ImportFleet>();
        services.AddSingleton<ImportJob>();
        services.AddSingleton(s => s.GetRequiredService<ImportJob>().Job);
        services.AddSingleton<ImportUndo>();
        services.AddSingleton<UndoImport>();
        services.AddSingleton(s => s.GetRequiredService<UndoImport>().Job);
        services.AddSingleton<InFlightKeys>();
        services.AddSingleton<CardRequests>();
        services.AddSingleton<CardBatches>();
    }

    private static void MapAddresses(WebApplication app)
    {
        Health.Map(app);
        ApiDescription.Map(app);
        RegisterCard.Map(app);
        ActivateCard.Map(app);
        TopUpCard.Map(app);
        RenewCard.Map(app);
        StateExpiry.Map(app);
        VoidEntry.Map(app);
        RecordUsage.Map(app);
        ObserveBalance.Map(app);
        RegisterIdentity.Map(app);
        CheckStatus.Map(app);
        ChangeNumber.Map(app);
        ReplaceSim.Map(app);
        ReportSim.Map(app);
        ChangeDevice.Map(app);
        ChangePlan.Map(app);
        ChangeProduct.Map(app);
        IdentifyCarrier.Map(app);
        SwitchCarrier.Map(app);
        AttachLine.Map(app);
        DetachLine.Map(app);
        IssueCard.Map(app);
        ReturnCard.Map(app);
        DescribeCard.Map(app);
        RetireCard.Map(app);
        ReopenCard.Map(app);
        ReadCard.Map(app);
        FindCard.Map(app);
        SearchCards.Map(app);
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
        ImportFleet.Map(app);
        ReadImport.Map(app);
        UndoImport.Map(app);
    }
}
