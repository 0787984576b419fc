using System.Threading.Channels;
using SimLedger.Ledger;
using SimLedger.Server.UseCases;

namespace SimLedger.Server.Importing;

/// <summary>Brings a fleet file in, row by row, by the same appends as every command. No row stops the file.</summary>
public sealed class FleetImport(CardLedger cards, HeldNames names, TimeProvider clock)
{
    /// <summary>What facts of an import say they come from.</summary>
    internal const string Source = "import";

    /// <summary>Rows under way at once: enough to fill commit batches.</summary>
    private const int Workers = 128;

    /// <summary>Imports the stream.</summary>
    /// <param name="survey">What a look through the file showed; a dry run needs it.</param>
    /// <param name="report">Gets every row's report, in the order of rows. Awaited, so that whoever stores them sets the pace.</param>
    /// <exception cref="FleetFileException">The file cannot be read on; the rows before are in.</exception>
    public async Task<ImportCounts> Run(
        ImportOrder order, Stream file, FileSurvey? survey, Action<IReadOnlyList<string>> unknownColumns, Func<RowReport, ValueTask> report, CancellationToken cancel)
    {
        var rehearsal = order.DryRun ? new Rehearsal(survey ?? throw new ArgumentNullException(nameof(survey), "A dry run needs to know which rows build on each other.")) : null;
        var rows = new RowImport(cards, names, clock, order, rehearsal);
        using var reports = new ReportsInOrder(report);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        var turns = new RowTurns();
        var queue = Channel.CreateBounded<(long Place, FleetRow Row, RowTurns.Turn Turn)>(Workers);
        var workers = Enumerable.Range(0, Workers).Select(_ => Task.Run(Work, CancellationToken.None)).ToList();
        try
        {
            var place = 0L;
            await foreach (var row in FleetFile.Read(file, unknownColumns, stop.Token))
            {
                await reports.Room(stop.Token);
                await queue.Writer.WriteAsync((place++, row, turns.Queue(row)), stop.Token);
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
                await foreach (var (place, row, turn) in queue.Reader.ReadAllAsync(stop.Token))
                {
                    using (turn)
                    {
                        await turn.Come(stop.Token);
                        await reports.Add(place, await rows.Take(row, stop.Token));
                    }
                }
            }
            catch
            {
                await stop.CancelAsync();
                throw;
            }
        }
    }
}
