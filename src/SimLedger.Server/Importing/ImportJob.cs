using System.Text.Json;
using SimLedger.Server.Http;
using SimLedger.Server.Jobs;

namespace SimLedger.Server.Importing;

/// <summary>Imports a file that was sent over HTTP, as a job: the same import as on the command line, with its report kept beside the file.</summary>
internal sealed class ImportJob(FleetImport import, ImportFiles files)
{
    public const string JobName = "import";

    /// <summary>Notes and unknown columns in a job's result; all notes are in the report.</summary>
    private const int MostShown = 20;

    public JobKind Job => new(JobName, Work);

    private async Task<ReadOnlyMemory<byte>> Work(JobRun run, CancellationToken cancel)
    {
        var request = ImportRequest.Read(run.Job.Request);
        var order = new ImportOrder(run.Tenant, run.Job.Id, run.Job.Actor, ImportOrder.OriginPrefix + request.Name, request.Reason, request.DryRun);
        IReadOnlyList<string> unknown = [];
        var shown = new List<(RowReport Row, RowNote Note)>();
        var (done, refused) = (0L, 0L);

        // An attempt that was broken off has left its report behind; this one goes through the file again.
        await files.DeleteReport(run.Tenant, run.Job.Id, cancel);
        await using var report = new ReportChunks(files, run, cancel);
        try
        {
            await using var surveyed = files.OpenFile(run.Tenant, run.Job.Id);
            var survey = await import.Survey(run.Tenant, surveyed, cancel);
            run.Report(0, survey.Rows);
            await using var file = files.OpenFile(run.Tenant, run.Job.Id);
            var counts = await import.Run(order, file, survey, columns => unknown = columns, async row =>
            {
                await report.Write(row);
                if (row.Outcome == RowOutcome.Refused) refused++;
                shown.AddRange(row.Notes.Take(MostShown - shown.Count).Select(note => (row, note)));
                run.Report(++done, survey.Rows, refused);
            }, cancel);
            return JsonText.Object(json => Write(json, run.Job.Id, request, counts, unknown, shown));
        }
        catch (FleetFileException error)
        {
            throw new JobException(error.Message);
        }
        finally
        {
            await report.Finish();
        }
    }

    private static void Write(
        Utf8JsonWriter json, Guid id, ImportRequest request, ImportCounts counts, IReadOnlyList<string> unknown, IReadOnlyList<(RowReport Row, RowNote Note)> notes)
    {
        json.WriteString("name", request.Name);
        json.WriteBoolean("dryRun", request.DryRun);
        json.WriteString("sha256", request.Sha256);
        json.WriteNumber("rows", counts.Rows);
        json.WriteNumber("created", counts.Created);
        json.WriteNumber("changed", counts.Changed);
        json.WriteNumber("unchanged", counts.Unchanged);
        json.WriteNumber("refused", counts.Refused);
        json.WriteNumber("warned", counts.Warned);
        json.WriteNumber("unknownColumnCount", unknown.Count);
        json.WriteStartArray("unknownColumns");
        foreach (var column in unknown.Take(MostShown)) json.WriteStringValue(RowReading.Shown(column));
        json.WriteEndArray();
        json.WriteStartArray("firstNotes");
        foreach (var (row, note) in notes)
        {
            json.WriteStartObject();
            json.WriteNumber("row", row.Row);
            json.WriteString("outcome", ReportCsv.Outcome(row));
            json.WriteString("column", note.Column);
            json.WriteString("value", note.Value);
            json.WriteString("what", note.What);
            json.WriteString("cure", note.Cure);
            json.WriteEndObject();
        }
        json.WriteEndArray();
        json.WriteString("report", $"/v1/imports/{id:D}/report");
    }

    /// <summary>The report on its way into the database, a chunk at a time.</summary>
    private sealed class ReportChunks : IAsyncDisposable
    {
        private readonly ImportFiles _files;
        private readonly JobRun _run;
        private readonly CancellationToken _cancel;
        private readonly MemoryStream _buffer = new();
        private readonly ReportCsv _csv;
        private int _chunk;

        public ReportChunks(ImportFiles files, JobRun run, CancellationToken cancel)
        {
            (_files, _run, _cancel) = (files, run, cancel);
            _csv = new ReportCsv(_buffer, safe: false, keepOpen: true);
            _csv.WriteHeader();
        }

        public async ValueTask Write(RowReport row)
        {
            _csv.Write(row);
            _csv.Flush();
            if (_buffer.Length >= ImportFiles.ChunkBytes && !await Store()) await Task.Delay(Timeout.Infinite, _cancel); // Another has the job: the runner ends this attempt within seconds.
        }

        /// <summary>Stores the rest; also after a cancellation: what was done is told.</summary>
        public async Task Finish()
        {
            _csv.Flush();
            if (_buffer.Length > 0) await Store();
        }

        private async Task<bool> Store()
        {
            var stored = await _files.AddReport(_run.Tenant, _run.Job.Id, _run.Runner, _chunk++, new ArraySegment<byte>(_buffer.GetBuffer(), 0, (int)_buffer.Length), CancellationToken.None);
            _buffer.SetLength(0);
            return stored;
        }

        public async ValueTask DisposeAsync()
        {
            await _csv.DisposeAsync();
            await _buffer.DisposeAsync();
        }
    }
}
