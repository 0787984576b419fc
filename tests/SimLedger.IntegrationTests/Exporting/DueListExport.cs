using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json;
using SimLedger.IntegrationTests.Http;
using SimLedger.Server.Importing;

namespace SimLedger.IntegrationTests.Exporting;

/// <summary>The due list as a file holds what the paged list holds, all of it.</summary>
public sealed class DueListExport(DueListExport.Fleet fleet) : IClassFixture<DueListExport.Fleet>
{
    [Theory]
    [InlineData("")]
    [InlineData("stage=active,grace")]
    [InlineData("within=30d")]
    [InlineData("carrier=Touch%20Mobile&within=200d&stage=active")]
    [InlineData("carrier=nobody")]
    public async Task It_has_every_line_that_the_paged_list_has_in_its_order(string filter)
    {
        var listed = await fleet.Listed(filter);

        var lines = (await fleet.Client.Get($"/v1/exports/due-list?format=ndjson&{filter}")).Is(HttpStatusCode.OK);
        Assert.Equal(listed.Select(l => l.GetRawText()), lines.Text.Split('\n')[..^1]);

        var records = CsvText.Read((await fleet.Client.Get($"/v1/exports/due-list?raw=true&{filter}")).Is(HttpStatusCode.OK).Text);
        Assert.Equal(listed.Select(line => records[0].Select(name => Cell(line.GetProperty(name)))), records.Skip(1));
        if (filter.Length == 0) Assert.Equal(Fleet.Lines + 1, records.Count);
        if (filter == "carrier=nobody") Assert.Single(records);
    }

    [Fact]
    public async Task Every_member_of_a_line_that_is_a_value_or_a_list_of_words_is_a_column_in_its_order()
    {
        var line = (await fleet.Listed("within=30d"))[0];
        var members = line.EnumerateObject().Where(m => m.Value.ValueKind != JsonValueKind.Object && !(m.Value.ValueKind == JsonValueKind.Array && m.Name == "stages")).Select(m => m.Name);

        var header = CsvText.Read((await fleet.Client.Get("/v1/exports/due-list?raw=true&carrier=nobody")).Text)[0];

        Assert.Equal(members, header);
    }

    [Fact]
    public async Task For_spreadsheets_numbers_and_owners_are_no_formulas_and_Chinese_is_as_it_was_written()
    {
        var file = (await fleet.Client.Get("/v1/exports/due-list")).Is(HttpStatusCode.OK);
        Assert.Equal(Encoding.UTF8.Preamble.ToArray(), file.Bytes[..3]);
        Assert.Matches("^attachment; filename=\"simledger-due-list-\\d{8}T\\d{6}Z\\.csv\"$", file.Header("Content-Disposition"));
        var records = CsvText.Read(file.Text[1..]);
        var (number, owner) = (records[0].IndexOf("number"), records[0].IndexOf("owner"));

        Assert.All(records.Skip(1), r => Assert.StartsWith("'+63", r[number], StringComparison.Ordinal));
        var owners = records.Select(r => r[owner]).ToHashSet();
        Assert.All(Fleet.Owners, o => Assert.Contains("=+-@".Contains(o[0], StringComparison.Ordinal) ? $"'{o}" : o, owners));
    }

    [Theory]
    [InlineData("stage=sleeping", "stage")]
    [InlineData("within=soon", "within")]
    [InlineData("limit=5", "limit")]
    [InlineData("format=pdf", "format")]
    public async Task What_is_no_filter_or_form_is_refused(string query, string pointer) =>
        Assert.Equal(pointer, (await fleet.Client.Get($"/v1/exports/due-list?{query}")).Problem(HttpStatusCode.BadRequest, "invalid-request").GetProperty("errors")[0].GetProperty("pointer").GetString());

    [Fact]
    public async Task What_an_import_recorded_is_found_by_its_id()
    {
        var newest = (await fleet.Client.Get("/v1/audit?limit=1")).Json.GetProperty("facts")[0];
        var records = CsvText.Read((await fleet.Client.Get($"/v1/exports/audit?raw=true&import={newest.GetProperty("requestId").GetString()}")).Is(HttpStatusCode.OK).Text);
        Assert.Equal(newest.GetProperty("position").GetInt64() + 1, records.Count);
    }

    private static string Cell(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Null => "",
        JsonValueKind.String => value.GetString()!,
        JsonValueKind.Array => string.Join(';', value.EnumerateArray().Select(v => v.GetString())),
        _ => value.GetRawText(),
    };

    /// <summary>An organisation with some 2,100 lines, imported.</summary>
    public sealed class Fleet : IAsyncLifetime
    {
        public const int Lines = 2_100;

        public static readonly string[] Owners = ["=1+1", "-Bo", "@ana", "+Carl", "陈伟", "Ana \"Nina\" Cruz, Manila"];

        private readonly StoppedClock _clock = new(new DateTimeOffset(2026, 11, 21, 4, 0, 0, TimeSpan.Zero));
        private ApiHost _host = null!;

        public ApiClient Client { get; private set; } = null!;

        public async Task InitializeAsync()
        {
            _host = await ApiHost.Start((await TestDatabase.Create()).App, _clock);
            Client = await _host.NewOrganisation();
            var rows = new StringBuilder("number,carrier,product,last_topup_on,last_topup_amount,owner,importance\n");
            for (var i = 0; i < Lines; i++)
            {
                var toppedUp = new DateOnly(2026, 11, 20).AddDays(-(i % 700)).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
                rows.Append(CultureInfo.InvariantCulture, $"+6391700{i:00000},{(i % 3 == 0 ? "ph-tm" : "ph-smart")},prepaid,{toppedUp},100,\"{Owners[i % Owners.Length].Replace("\"", "\"\"", StringComparison.Ordinal)}\",{(i % 7 == 0 ? "critical" : "normal")}\n");
            }
            using var file = new MemoryStream(Encoding.UTF8.GetBytes(rows.ToString()));
            var counts = await _host.Get<FleetImport>().Run(
                new ImportOrder(Client.Tenant, Guid.CreateVersion7(), "system:import", "import:fleet.csv"), file, null, _ => { }, _ => ValueTask.CompletedTask, default);
            Assert.Equal(Lines, counts.Created);
        }

        public async Task DisposeAsync() => await _host.DisposeAsync();

        public async Task<List<JsonElement>> Listed(string filter)
        {
            var lines = new List<JsonElement>();
            for (var next = $"/v1/due-list?limit=200&{filter}"; next is not null;)
            {
                var page = (await Client.Get(next)).Is(HttpStatusCode.OK);
                lines.AddRange(page.Json.GetProperty("items").EnumerateArray());
                next = Links.Next(page);
            }
            return lines;
        }
    }
}
