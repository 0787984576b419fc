using System.Threading.Channels;
using SimLedger.Ledger;
using SimLedger.Ledger.Tenancy;
using SimLedger.Server.RulesInForce;
using SimLedger.Server.UseCases;

namespace SimLedger.Server.Importing;

/// <summary>Brings a fleet file in, row by row, by the same appends as every command. No row stops the file.</summary>
public sealed class FleetImport(CardLedger cards, HeldNames names, RuleBook rules, TimeProvider clock)
{
    /// <summary>What facts of an import say they come from.</summary>
    internal const string Source = "import";

    /// <summary>
    /// Chunks of rows under way at once: while one is being committed, the next one waits for its turn and another is read and decided. All their rows
    /// together leave room in the organisation's queue for its people.
    /// </summary>
    private const int Workers = 3;

    /// <summary>Looks through a file that is to be imported.</summary>
    /// <exception cref="FleetFileException">The file does not begin as a fleet file.</exception>
    public async Task<FileSurvey> Survey(TenantId tenant, Stream file, CancellationToken cancel) => await FileSurvey.Of(file, (await rules.Current(tenant, cancel)).Packs, cancel);

    /// <summary>Imports the stream.</summary>
    /// <param name="survey">What a look through the file showed; a dry run needs it.</param>
    /// <param name="report">Gets every row's report, in the order of rows. Awaited, so that whoever stores them sets the pace.</param>
    /// <exception cref="FleetFileException">The file cannot be read on; the rows before are in.</exception>
    public async Task<ImportCounts> Run(
        ImportOrder order, Stream file, FileSurvey? survey, Action<IReadOnlyList<string>> unknownColumns, Func<RowReport, ValueTask> report, CancellationToken cancel)
    {
        var rehearsal = order.DryRun ? new Rehearsal(survey ?? throw new ArgumentNullException(nameof(survey), "A dry run needs to know which rows build on each other.")) : null;
        var packs = (await rules.Current(order.Tenant, cancel)).Packs;
        var rows = new RowImport(cards, names, clock, order, rehearsal);
        using var reports = new ReportsInOrder(report);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        var turns = new RowTurns();
        var queue = Channel.CreateBounded<List<QueuedRow>>(1);
        var workers = Enumerable.Range(0, Workers).Select(_ => Task.Run(Work, CancellationToken.None)).ToList();
        try
        {
            var place = 0L;
            var chunk = new List<QueuedRow>(CardsOfRows.MostRows);
            try
            {
                await foreach (var written in FleetFile.Read(file, unknownColumns, stop.Token))
                {
                    var row = written.InInternationalForm(packs);
                    await reports.Room(stop.Token);
                    chunk.Add(new QueuedRow(place++, row.Number, RowReading.Of(row), turns.Queue(row)));
                    if (chunk.Count < CardsOfRows.MostRows) continue;
                    await queue.Writer.WriteAsync(chunk, stop.Token);
                    chunk = new List<QueuedRow>(CardsOfRows.MostRows);
                }
            }
            finally
            {
                // Also where the file cannot be read on: the rows before are taken.
                if (!stop.IsCancellationRequested) await queue.Writer.WriteAsync(chunk, stop.Token);
            }
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            // A worker failed and stopped the others; its error follows below.
        }
        finally
        {
            queue.Writer.TryComplete();
            try
            {
                await Task.WhenAll(workers);
            }
            finally
            {
                await reports.Finish();
            }
        }
        return reports.Counts;

        async Task Work()
        {
            try
            {
                await foreach (var chunk in queue.Reader.ReadAllAsync(stop.Token)) await Take(chunk);
            }
            catch
            {
                await stop.CancelAsync();
                throw;
            }
        }

        async Task Take(List<QueuedRow> chunk)
        {
            // Told before the read: what earlier rows do after it would be missing.
            var ready = chunk.ConvertAll(row => row.Turn.HasCome);
            var known = await rows.Read([.. chunk.Where((_, i) => ready[i]).Select(row => row.Reading)], stop.Token);
            await Task.WhenAll(chunk.Select((row, i) => TakeOne(row, ready[i] ? known : null)));
        }

        async Task TakeOne(QueuedRow row, CardsOfRows? known)
        {
            using (row.Turn)
            {
                await row.Turn.Come(stop.Token);
                await reports.Add(row.Place, await rows.Take(row.Number, row.Reading, known, stop.Token));
            }
        }
    }

    /// <param name="Place">0, 1, 2 … in the order in which the rows were read.</param>
    /// <param name="Number">As the file counts them.</param>
    private sealed record QueuedRow(long Place, int Number, RowReading Reading, RowTurns.Turn Turn);
}
