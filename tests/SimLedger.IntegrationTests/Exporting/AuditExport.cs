using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json;
using SimLedger.IntegrationTests.Http;
using SimLedger.Ledger;

namespace SimLedger.IntegrationTests.Exporting;

/// <summary>The audit as a file holds what the paged list holds, all of it.</summary>
public sealed class AuditExport(AuditExport.Fleet fleet) : IClassFixture<AuditExport.Fleet>
{
    private const string Header = "position,recordedAt,actor,origin,reason,requestId,type,cardId,version,at,data";

    [Theory]
    [InlineData("")]
    [InlineData("actor=key:anna")]
    [InlineData("type=ToppedUp&asOf=2026-03-05")]
    [InlineData("actor=nobody")]
    public async Task It_has_every_fact_that_the_paged_list_has_in_its_order(string filter)
    {
        var listed = await fleet.Listed(filter);

        var lines = (await fleet.Client.Get($"/v1/exports/audit?format=ndjson&{filter}")).Is(HttpStatusCode.OK);
        Assert.Equal(listed.Select(f => f.GetRawText()), lines.Text.Split('\n')[..^1]);
        Assert.Equal("application/x-ndjson", lines.ContentHeaders.ContentType?.MediaType);

        var csv = (await fleet.Client.Get($"/v1/exports/audit?raw=true&{filter}")).Is(HttpStatusCode.OK);
        var records = CsvText.Read(csv.Text);
        Assert.Equal(Header, string.Join(',', records[0]));
        Assert.Equal(listed.Select(Cells), records.Skip(1));
        if (filter.Length == 0) Assert.Equal(Fleet.Facts + 1, records.Count);
    }

    [Fact]
    public async Task For_spreadsheets_it_begins_with_the_byte_order_mark_and_no_cell_is_a_formula()
    {
        var safe = (await fleet.Client.Get("/v1/exports/audit")).Is(HttpStatusCode.OK);
        Assert.Equal(Encoding.UTF8.Preamble.ToArray(), safe.Bytes[..3]);
        var cells = CsvText.Read(safe.Text[1..]);
        var raw = (await fleet.Client.Get("/v1/exports/audit?raw=true")).Bytes;
        Assert.Equal((byte)'p', raw[0]);
        var plain = CsvText.Read(Encoding.UTF8.GetString(raw));

        Assert.Equal(plain.Count, cells.Count);
        foreach (var (guarded, cell) in cells.SelectMany(r => r).Zip(plain.SelectMany(r => r)))
        {
            Assert.Equal(cell.Length > 0 && "=+-@\t\r".Contains(cell[0], StringComparison.Ordinal) ? $"'{cell}" : cell, guarded);
        }
        var reasons = cells.Select(r => r[4]).ToHashSet();
        Assert.All(Fleet.Reasons, reason => Assert.Contains("=+-@\t\r".Contains(reason[0], StringComparison.Ordinal) ? $"'{reason}" : reason, reasons));
    }

    [Fact]
    public async Task It_is_a_download_with_a_name_and_its_form_is_asked_for_by_query_or_header()
    {
        var csv = await fleet.Client.Get("/v1/exports/audit?actor=nobody");
        Assert.Equal("text/csv; charset=utf-8; header=present", csv.ContentHeaders.ContentType?.ToString());
        Assert.Matches("^attachment; filename=\"simledger-audit-\\d{8}T\\d{6}Z\\.csv\"$", csv.Header("Content-Disposition"));
        Assert.Equal(Header + "\r\n", csv.Text[1..]); // The mark, and the columns alone.

        Assert.Equal("application/x-ndjson", await Type("", "application/x-ndjson"));
        Assert.Equal("application/x-ndjson", await Type("", "text/csv;q=0.5, application/x-ndjson"));
        Assert.Equal("text/csv", await Type("", "text/csv, application/x-ndjson;q=0.5"));
        Assert.Equal("text/csv", await Type("", "*/*"));
        Assert.Equal("text/csv", await Type("&format=csv", "application/x-ndjson"));
        Assert.Equal("application/x-ndjson", await Type("&format=ndjson", "text/csv"));

        async Task<string?> Type(string query, string accept) =>
            (await fleet.Client.Send(HttpMethod.Get, $"/v1/exports/audit?actor=nobody{query}", null, ("Accept", accept))).Is(HttpStatusCode.OK).ContentHeaders.ContentType?.MediaType;
    }

    [Theory]
    [InlineData("format=xlsx", "format", "value-unknown")]
    [InlineData("raw=yes", "raw", "value-unknown")]
    [InlineData("format=ndjson&raw=true", "raw", "value-unknown")]
    [InlineData("limit=5", "limit", "member-unknown")]
    [InlineData("cursor=x", "cursor", "member-unknown")]
    [InlineData("import=x", "import", "id-malformed")]
    public async Task What_is_no_filter_or_form_is_refused(string query, string pointer, string code)
    {
        var error = (await fleet.Client.Get($"/v1/exports/audit?{query}")).Problem(HttpStatusCode.BadRequest, "invalid-request").GetProperty("errors")[0];
        Assert.Equal((pointer, code), (error.GetProperty("pointer").GetString(), error.GetProperty("code").GetString()));
    }

    [Fact]
    public async Task It_takes_a_key_that_may_read_and_shows_nothing_of_others()
    {
        var others = await fleet.Host.NewOrganisation();
        Assert.Equal(Header + "\r\n", (await others.Get("/v1/exports/audit?raw=true")).Is(HttpStatusCode.OK).Text);
        (await others.With(null).Get("/v1/exports/audit")).Problem(HttpStatusCode.Unauthorized, "unauthenticated");
        (await (await fleet.Host.Client(others.Tenant, "write")).Get("/v1/exports/audit")).Problem(HttpStatusCode.Forbidden, "scope-missing");
    }

    /// <summary>The cells of a fact, read from the list's own object.</summary>
    private static List<string> Cells(JsonElement fact)
    {
        return
        [
            fact.GetProperty("position").GetRawText(), Text("recordedAt"), Text("actor"), Text("origin"), Text("reason"), Text("requestId"), Text("type"),
            fact.TryGetProperty("cardId", out var card) ? card.GetString()! : "", fact.GetProperty("version").GetRawText(),
            fact.GetProperty("data").TryGetProperty("at", out var at) ? at.GetString()! : "", fact.GetProperty("data").GetRawText(),
        ];

        string Text(string name) => fact.GetProperty(name).GetString() ?? "";
    }

    /// <summary>An organisation with 2,500 facts whose reasons are what people, and others, write.</summary>
    public sealed class Fleet : IAsyncLifetime
    {
        public const int Facts = 2_503;

        public static readonly string[] Reasons =
        [
            "=HYPERLINK(\"http://x\",\"y\")", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "运营商短信提醒，门店充值", "two\r\nlines, \"quoted\"", " =not at the start", "'=already", "𠮷野家",
        ];

        private static readonly string[] Actors = ["key:anna", "key:bo"];
        private static readonly string[] Types = ["ToppedUp", "Activated", "RulePackPublished"];

        public ApiHost Host { get; private set; } = null!;

        public ApiClient Client { get; private set; } = null!;

        public async Task InitializeAsync()
        {
            Host = await ApiHost.Start((await TestDatabase.Create()).App);
            Client = await Host.NewOrganisation();
            var stream = Guid.Empty;
            for (var i = 0; i < Facts; i++)
            {
                if (i % 100 == 0) stream = Guid.CreateVersion7();
                var data = i % 5 == 0 ? "{}" : string.Create(CultureInfo.InvariantCulture, $$"""{"at":"2026-03-{{1 + (i % 9):00}}","note":"备用, \"x\""}""");
                var append = new Append(
                    Client.Tenant, stream, i % 100, [new NewEvent(Guid.CreateVersion7(), Types[i % 3], Encoding.UTF8.GetBytes(data))],
                    new AuditContext(Actors[i % 2], "api", null, i % 4 == 0 ? null : $"request-{i}", i % 3 == 0 ? null : Reasons[i % Reasons.Length]));
                Assert.IsType<AppendAnswer.Appended>(await Host.Get<EventLedger>().Append(append, default));
            }
        }

        public async Task DisposeAsync() => await Host.DisposeAsync();

        public async Task<List<JsonElement>> Listed(string filter)
        {
            var facts = new List<JsonElement>();
            for (var next = $"/v1/audit?limit=200&{filter}"; next is not null;)
            {
                var page = (await Client.Get(next)).Is(HttpStatusCode.OK);
                facts.AddRange(page.Json.GetProperty("facts").EnumerateArray());
                next = Links.Next(page);
            }
            return facts;
        }
    }
}
