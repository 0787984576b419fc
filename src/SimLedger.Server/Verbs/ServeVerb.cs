using SimLedger.Server.Hosting;

namespace SimLedger.Server.Verbs;

/// <summary>serve: the HTTP API until Ctrl-C or SIGTERM.</summary>
internal static class ServeVerb
{
    public static Task<int> Run(CancellationToken cancel) => Serve((_, _) => Task.CompletedTask, cancel);

    /// <param name="onceServing">Runs when the addresses answer.</param>
    public static async Task<int> Serve(Func<IServiceProvider, string, Task> onceServing, CancellationToken cancel)
    {
        var configuration = Settings.Configuration();
        await using var database = await Database.Open(Settings.Read(configuration), mayAttach: false, Console.Error.WriteLine, TimeProvider.System, cancel);
        await using var app = WebServer.Build(database.Connection, configuration, TimeProvider.System);
        try
        {
            await app.StartAsync(cancel);
        }
        catch (IOException error)
        {
            throw new SetupException($"{error.Message} End what uses it, or set ASPNETCORE_URLS to another address.", error);
        }
        await onceServing(app.Services, app.Urls.First());
        await Console.Error.WriteLineAsync($"Serving on {string.Join(", ", app.Urls)}. Ctrl-C ends it.");
        using var stop = cancel.Register(app.Lifetime.StopApplication);
        await app.WaitForShutdownAsync(CancellationToken.None);
        return 0;
    }
}
