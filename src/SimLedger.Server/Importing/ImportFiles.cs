using SimLedger.Ledger.Tenancy;

namespace SimLedger.Server.Importing;

/// <summary>Files to be imported and the reports of what became of them, as chunks in table import_files.</summary>
public sealed class ImportFiles(TenantDatabase database, TimeProvider clock)
{
    /// <summary>Bytes of a chunk, but for the last one: a statement of moderate size, and few hundred of them for the largest file.</summary>
    public const int ChunkBytes = 256 * 1024;

    /// <summary>A file whose job never came, because its upload was broken off with the process, is deleted after so long. Longer than any upload.</summary>
    public static readonly TimeSpan Orphaned = TimeSpan.FromHours(6);

    private const string AddSql = "insert into import_files (tenant_id, job_id, kind, chunk, bytes, created_at) values ($1, $2, 'file', $3, $4, $5)";

    // Only the attempt that has the job may write: one that lost its lease would mix its report with that of its successor.
    private const string AddReportSql = """
        insert into import_files (tenant_id, job_id, kind, chunk, bytes, created_at)
        select $1, $2, 'report', $3, $4, $5 from (select from jobs j where j.tenant_id = $1 and j.job_id = $2 and j.runner = $6 for share) job
        """;

    private const string ReadSql = "select bytes from import_files where tenant_id = $1 and job_id = $2 and kind = $3 and chunk = $4";

    private const string DeleteSql = "delete from import_files where tenant_id = $1 and job_id = $2 and kind = any ($3)";

    private const string SweepSql = """
        delete from import_files f where f.tenant_id = $1
            and (f.created_at < $2 and not exists (select from jobs j where j.tenant_id = $1 and j.job_id = f.job_id)
                or f.kind = 'file' and exists (select from jobs j where j.tenant_id = $1 and j.job_id = f.job_id and j.finished_at is not null))
        """;

    /// <summary>Stores a chunk of a file.</summary>
    public Task<int> Add(TenantId tenant, Guid jobId, int chunk, ArraySegment<byte> bytes, CancellationToken cancel) =>
        database.Execute(tenant, Statement.Of(AddSql, tenant.Value, jobId, chunk, bytes, clock.GetUtcNow().UtcDateTime), cancel);

    /// <summary>Stores a chunk of the report of a job's attempt.</summary>
    /// <returns>False: the job is another's now, and nothing was stored.</returns>
    public async Task<bool> AddReport(TenantId tenant, Guid jobId, Guid runner, int chunk, ArraySegment<byte> bytes, CancellationToken cancel) =>
        await database.Execute(tenant, Statement.Of(AddReportSql, tenant.Value, jobId, chunk, bytes, clock.GetUtcNow().UtcDateTime, runner), cancel) == 1;

    public Stream OpenFile(TenantId tenant, Guid jobId) => new ChunkStream(this, tenant, jobId, "file");

    public Stream OpenReport(TenantId tenant, Guid jobId) => new ChunkStream(this, tenant, jobId, "report");

    public Task<int> DeleteReport(TenantId tenant, Guid jobId, CancellationToken cancel) => database.Execute(tenant, Statement.Of(DeleteSql, tenant.Value, jobId, new[] { "report" }), cancel);

    /// <summary>Deletes all of an import that did not come to be.</summary>
    public Task<int> Delete(TenantId tenant, Guid jobId, CancellationToken cancel) => database.Execute(tenant, Statement.Of(DeleteSql, tenant.Value, jobId, new[] { "file", "report" }), cancel);

    /// <summary>Deletes files whose import has ended, and all of jobs that are gone.</summary>
    public Task<int> DeleteOld(TenantId tenant, CancellationToken cancel) => database.Execute(tenant, Statement.Of(SweepSql, tenant.Value, (clock.GetUtcNow() - Orphaned).UtcDateTime), cancel);

    private Task<byte[]?> Chunk(TenantId tenant, Guid jobId, string kind, int chunk, CancellationToken cancel) =>
        database.Query(tenant, [Statement.Of(ReadSql, tenant.Value, jobId, kind, chunk)], async (reader, stop) => await reader.ReadAsync(stop) ? reader.GetFieldValue<byte[]>(0) : null, cancel);

    /// <summary>Reads chunk by chunk, each when it is needed: memory holds one.</summary>
    private sealed class ChunkStream(ImportFiles files, TenantId tenant, Guid jobId, string kind) : Stream
    {
        private ReadOnlyMemory<byte> _left = ReadOnlyMemory<byte>.Empty;
        private int _next;
        private bool _ended;

        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            while (_left.IsEmpty && !_ended)
            {
                if (await files.Chunk(tenant, jobId, kind, _next, cancellationToken) is { } chunk) (_left, _next) = (chunk, _next + 1);
                else _ended = true;
            }
            var count = Math.Min(buffer.Length, _left.Length);
            _left[..count].CopyTo(buffer);
            _left = _left[count..];
            return count;
        }

        public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) => ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException("The database is read asynchronously.");

        public override void Flush()
        {
            // Nothing is written.
        }

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}
