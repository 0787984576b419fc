using SimLedger.Server.Importing;
using Spectre.Console;

namespace SimLedger.Server.Verbs;

/// <summary>import FILE --tenant NAME: a fleet file, row by row; what could not be taken is told with row, column, value and cure.</summary>
internal static class ImportVerb
{
    private const int ShownNotes = 20;

    public static async Task<int> Run(string file, string tenantName, string? reportFile, CancellationToken cancel)
    {
        if (!File.Exists(file)) throw new UsageException($"There is no file {file}.");
        await using var work = await Workplace.Open(cancel);
        var tenant = await work.Tenant(tenantName, cancel);
        await using var stream = File.OpenRead(file);
        await using var report = reportFile is null ? null : new ReportCsv(File.Create(reportFile), safe: true);
        report?.WriteHeader();
        var order = new ImportOrder(tenant, Guid.CreateVersion7(TimeProvider.System.GetUtcNow()), "system:import", ImportOrder.OriginPrefix + Path.GetFileName(file));
        var shown = new SortedDictionary<(int, int), string>();
        var notes = 0;

        ImportCounts counts;
        try
        {
            counts = await WithProgress(stream, () => work.Get<FleetImport>().Run(
                order, stream, null,
                columns =>
                {
                    if (columns.Count > 0) Console.Error.WriteLine($"Not read, since these columns are not known: {string.Join(", ", columns)}");
                },
                row =>
                {
                    report?.Write(row);
                    for (var i = 0; i < row.Notes.Count; i++)
                    {
                        notes++;
                        shown[(row.Row, i)] = Line(row, row.Notes[i]);
                        if (shown.Count > ShownNotes) shown.Remove(shown.Keys.Last());
                    }
                    return ValueTask.CompletedTask;
                },
                cancel));
        }
        catch (FleetFileException error)
        {
            throw new UsageException($"{error.Message} What was recorded can be taken back: import --undo {order.Id:D} --tenant {tenant}");
        }
        foreach (var line in shown.Values) Console.WriteLine(line);
        if (notes > shown.Count) Console.WriteLine($"… and {notes - shown.Count} more; {(reportFile is null ? "--report FILE writes them all" : $"all are in {reportFile}")}.");
        Console.WriteLine(Summary(counts));
        Console.WriteLine($"To take it back: import --undo {order.Id:D} --tenant {tenant}");
        return 0;
    }

    public static string Summary(ImportCounts counts) =>
        $"{counts.Rows} rows: {counts.Created} created, {counts.Changed} changed, {counts.Unchanged} unchanged, {counts.Refused} refused; {counts.Warned} with warnings";

    private static string Line(RowReport row, RowNote note) =>
        $"row {row.Row}, {(row.Outcome == RowOutcome.Refused ? "refused" : "warned")}: {(note.Column.Length > 0 ? note.Column + (note.Value.Length > 0 ? $" '{note.Value}'" : "") + ": " : "")}{note.What} {note.Cure}";

    /// <summary>A bar by bytes read, on a terminal only: in a log it would be noise.</summary>
    private static async Task<ImportCounts> WithProgress(FileStream stream, Func<Task<ImportCounts>> import)
    {
        if (Console.IsErrorRedirected || Console.IsOutputRedirected || stream.Length == 0) return await import();
        return await AnsiConsole.Progress().Columns(new ProgressBarColumn(), new PercentageColumn(), new RemainingTimeColumn()).StartAsync(async progress =>
        {
            var bar = progress.AddTask("import", maxValue: stream.Length);
            var running = import();
            while (!running.IsCompleted)
            {
                bar.Value = stream.CanRead ? stream.Position : stream.Length;
                await Task.WhenAny(running, Task.Delay(100));
            }
            bar.Value = bar.MaxValue;
            return await running;
        });
    }
}
