using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;
using SimLedger.IntegrationTests.Http;
using SimLedger.IntegrationTests.RulesChange;
using SimLedger.Server.UseCases;

namespace SimLedger.IntegrationTests.Importing;

/// <summary>Files that were made to do harm, or went bad on the way.</summary>
public sealed class HostileFiles(RulesFixture api) : IClassFixture<RulesFixture>
{
    [Fact]
    public async Task A_quote_that_is_never_closed_ends_the_import_where_it_stands_and_says_so()
    {
        var client = await api.Host.NewOrganisation();

        var job = await client.ImportWhole($"{Imports.File(50)}+639111111111,,ph-tm,prepaid,,,,,\"{new string('x', 600_000)}");

        Assert.Equal("failed", job.GetProperty("state").GetString());
        Assert.Contains("Row 51", job.GetProperty("problem").GetString());
        Assert.Contains("quote", job.GetProperty("problem").GetString());
        Assert.Equal(51, (await client.Report(Imports.Id(job))).Count);
    }

    [Fact]
    public async Task Bytes_that_are_no_utf8_in_the_middle_end_the_import_there()
    {
        var client = await api.Host.NewOrganisation();
        byte[] file = [.. Encoding.UTF8.GetBytes(Imports.File(6000)), 0xC3, 0x28, (byte)'\n', .. Encoding.UTF8.GetBytes(Imports.Rows(10, 7000))];

        var job = await client.Ended((await client.Import(file)).Is(HttpStatusCode.Accepted));

        Assert.Equal("failed", job.GetProperty("state").GetString());
        Assert.Contains("UTF-8", job.GetProperty("problem").GetString());
        Assert.True(job.GetProperty("done").GetInt32() > 1000);
    }

    [Fact]
    public async Task A_nul_in_a_cell_is_that_cells_trouble_only()
    {
        var client = await api.Host.NewOrganisation();

        var job = await client.ImportWhole($"{Imports.Header}\n+639000000001,,ph-tm,prepaid,,,,,A\0na,no\0te\n+639000000002,,ph\0-tm,prepaid,,,,,,\n+63900\0000003,,,,,,,,,\n");

        Assert.Equal((3, 2, 0, 0, 1), Imports.Counts(await client.Result(job)));
        Assert.DoesNotContain('\0', string.Concat((await client.Report(Imports.Id(job))).SelectMany(line => line)));
    }

    [Fact]
    public async Task Hundreds_of_unknown_columns_are_counted_and_a_few_are_named()
    {
        var client = await api.Host.NewOrganisation();
        var columns = string.Join(',', Enumerable.Range(0, 300).Select(i => $"column {i}{new string('c', 100)}"));

        var result = await client.Result(await client.ImportWhole($"{columns},number\n{new string(',', 300)}+639000000001\n"));

        Assert.Equal((1, 1, 0, 0, 0), Imports.Counts(result));
        Assert.Equal((300, 20), (result.GetProperty("unknownColumnCount").GetInt32(), result.GetProperty("unknownColumns").GetArrayLength()));
        Assert.All(result.GetProperty("unknownColumns").EnumerateArray(), column => Assert.True(column.GetString()!.Length <= 81));
    }

    [Theory]
    [InlineData("=cmd|' /C calc'!A0")]
    [InlineData("+1+1")]
    [InlineData("-2+3")]
    [InlineData("@SUM(A1)")]
    public async Task A_formula_in_a_cell_is_text_in_the_report(string formula)
    {
        var client = await api.Host.NewOrganisation();

        var id = Imports.Id(await client.ImportWhole($"{Imports.Header},importance\n+639000000001,,ph-tm,prepaid,,,,,,,\"{formula}\"\n"));

        Assert.Contains($"'{formula}", (await client.Report(id)).Select(line => line[3]));
        Assert.Contains(formula, (await client.Report(id, raw: true)).Select(line => line[3]));
    }

    [Fact]
    public async Task A_file_over_the_limit_is_refused_whether_it_says_its_length_or_not()
    {
        var client = await api.Host.NewOrganisation();
        using var stated = new HttpRequestMessage(HttpMethod.Post, api.Host.Url + "/v1/imports") { Content = new StreamContent(new EndlessRows(ImportFleet.MaxBytes + 1)) };
        stated.Content.Headers.ContentLength = ImportFleet.MaxBytes + 1;
        using var chunked = new HttpRequestMessage(HttpMethod.Post, api.Host.Url + "/v1/imports") { Content = new StreamContent(new EndlessRows(ImportFleet.MaxBytes + 1)) };
        chunked.Headers.TransferEncodingChunked = true;

        foreach (var request in new[] { stated, chunked })
        {
            request.Headers.TryAddWithoutValidation("Authorization", $"Bearer {client.Key}");
            request.Headers.Add("Idempotency-Key", Guid.NewGuid().ToString());
            request.Headers.ExpectContinue = true;
            request.Content!.Headers.TryAddWithoutValidation("Content-Type", "text/csv");
            using var http = new HttpClient();
            using var response = await http.SendAsync(request);
            Assert.Equal(HttpStatusCode.RequestEntityTooLarge, response.StatusCode);
        }
        Assert.Equal(0L, await Files(client));
    }

    [Fact]
    public async Task A_client_that_breaks_off_leaves_nothing_behind()
    {
        var client = await api.Host.NewOrganisation();
        var url = new Uri(api.Host.Url);
        using (var socket = new TcpClient(url.Host, url.Port))
        {
            var stream = socket.GetStream();
            await stream.WriteAsync(Encoding.ASCII.GetBytes(
                $"POST /v1/imports HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {client.Key}\r\nIdempotency-Key: k\r\nContent-Type: text/csv\r\nContent-Length: 5000000\r\n\r\n"));
            await stream.WriteAsync(Encoding.UTF8.GetBytes(Imports.File(8000)));
            await Until(async () => await Files(client) > 0);
        }

        await Until(async () => await Files(client) == 0);
        (await client.Import(Imports.File(2), key: "k")).Is(HttpStatusCode.Accepted);
    }

    [Fact]
    public async Task Memory_does_not_grow_with_the_file()
    {
        const long size = 90 * 1024 * 1024;
        var database = await TestDatabase.Create();
        await using var other = await ApiHost.Start(database.App);
        await using var server = await ServerProcess.Serve(database.App);
        var client = (await other.NewOrganisation()).At(server.Url);
        await client.ImportWhole(Imports.File(20_000), "dryRun=true");
        var before = Memory(server.Id);
        using var request = new HttpRequestMessage(HttpMethod.Post, server.Url + "/v1/imports?dryRun=true") { Content = new StreamContent(new EndlessRows(size)) };
        request.Headers.TransferEncodingChunked = true;
        request.Headers.TryAddWithoutValidation("Authorization", $"Bearer {client.Key}");
        request.Headers.Add("Idempotency-Key", "large");
        request.Content!.Headers.TryAddWithoutValidation("Content-Type", "text/csv");
        using var http = new HttpClient();

        using var response = await http.SendAsync(request);
        Assert.Equal(HttpStatusCode.Accepted, response.StatusCode);
        var grown = Memory(server.Id) - before;
        Assert.True(grown < size / 2, $"It grew by {grown} bytes while a file of {size} came in.");

        var id = Imports.Id(System.Text.Json.JsonSerializer.Deserialize<System.Text.Json.JsonElement>(await response.Content.ReadAsByteArrayAsync()));
        (await client.Post($"/v1/jobs/{id}/cancellations", "{}")).Is(HttpStatusCode.Accepted);
        Assert.Equal("cancelled", (await client.Ended(id)).GetProperty("state").GetString());
    }

    private static long Memory(int process) => Process.GetProcessById(process).WorkingSet64;

    private async Task<long> Files(ApiClient client) => (long)(await api.Database.Tamper($"select count(*) from import_files where tenant_id = '{client.Tenant}'"))!;

    private static async Task Until(Func<Task<bool>> condition)
    {
        for (var waited = Stopwatch.StartNew(); !await condition(); await Task.Delay(50)) Assert.True(waited.Elapsed < TimeSpan.FromMinutes(1), "It did not come to be within a minute.");
    }

    /// <summary>A fleet file of so many bytes that nobody holds in memory.</summary>
    private sealed class EndlessRows(long length) : Stream
    {
        private byte[] _piece = Encoding.UTF8.GetBytes(Imports.Header + "\n");
        private int _at;
        private int _row;
        private long _given;

        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

        public override int Read(byte[] buffer, int offset, int count)
        {
            if (_given == length) return 0;
            if (_at == _piece.Length) (_piece, _at) = (Encoding.UTF8.GetBytes(Imports.Rows(100, _row += 100)), 0);
            var read = (int)Math.Min(Math.Min(count, _piece.Length - _at), length - _given);
            _piece.AsSpan(_at, read).CopyTo(buffer.AsSpan(offset));
            _at += read;
            _given += read;
            return read;
        }

        public override void Flush()
        {
            // Nothing is written.
        }

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}
