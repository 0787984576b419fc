using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using NodaTime;
using SimLedger.Ledger.Tenancy;
using SimLedger.Server.DueList;
using SimLedger.Server.Hosting;
using SimLedger.Server.Importing;
using SimLedger.Server.UseCases;

namespace SimLedger.IntegrationTests.Importing;

public sealed class FleetImporting : IAsyncLifetime
{
    private const string Header = "number,iccid,form_factor,carrier,product,activated_on,last_topup_on,last_topup_amount,currency,expires_on,balance,balance_on,owner,location,purpose,importance,tags,notes";

    private static readonly TenantId Acme = TenantId.Of("acme");

    private TestDatabase _database = null!;
    private ServiceProvider _services = null!;
    private List<string> _unknownColumns = [];

    public async Task InitializeAsync()
    {
        _database = await TestDatabase.Create();
        var services = new ServiceCollection();
        services.AddLogging(log => log.SetMinimumLevel(LogLevel.None));
        WebServer.AddServices(services, _database.App, TimeProvider.System);
        _services = services.BuildServiceProvider();
        await TestDatabase.CreateTenant(_services.GetRequiredService<TenantDatabase>(), "acme");
    }

    public async Task DisposeAsync() => await _services.DisposeAsync();

    [Fact]
    public async Task A_real_fleet_goes_in_whole_and_a_second_time_changes_nothing()
    {
        var fleet = await File.ReadAllBytesAsync(Path.Combine(Repository.Root, "..", "shared", "data", "fleet.csv"));

        var (first, reports) = await Import(fleet);
        var facts = await Facts();
        var (second, _) = await Import(fleet);

        Assert.Equal((1000, 1000, 0), (first.Rows, first.Created, first.Refused));
        Assert.Equal((1000, 1000), (second.Rows, second.Unchanged));
        Assert.Equal(facts, await Facts());
        Assert.Equal(99, Noted(reports, "last_topup_amount"));
        Assert.Equal(313, Noted(reports, "balance_on"));
        Assert.Equal(45, Noted(reports, "iccid"));
        Assert.Equal(20, Noted(reports, "carrier"));

        var lines = await DueLines();
        var closed = await DueLines(Rules.Stage.Lost);
        Assert.Equal(1000, lines.Count + closed.Count);
        Assert.Equal(20, lines.Concat(closed).Count(l => l.Carrier is null && l.Band == 0));
        Assert.True(lines.TakeWhile(l => l.Band == 0).Count() == lines.Count(l => l.Band == 0), "What is to settle comes first.");
    }

    [Fact]
    public async Task The_planner_knows_of_what_an_import_has_just_brought()
    {
        var rows = Enumerable.Range(0, 1_500).Select(i => $"+6390{i:00000000},,,ph-tm,prepaid,,,,,,,,Ana Cruz,,,,otp,");

        var (counts, _) = await Import([.. rows]);

        Assert.Equal(1_500, counts.Created);
        foreach (var table in new[] { "events", "card_standing", "reservations" })
        {
            var known = (float)(await _database.Tamper($"select reltuples from pg_class where relname = '{table}'"))!;
            Assert.True(known > 100, $"The planner takes {table} for {known} rows.");
        }
    }

    [Fact]
    public async Task A_chunk_of_rows_about_cards_that_are_there_and_cards_that_are_not_is_taken_row_by_row()
    {
        string Row(int i, string owner) => $"+6390{i:00000000},,,ph-tm,prepaid,,,,,,,,{owner},,,,otp,";
        await Import([.. Enumerable.Range(0, 300).Select(i => Row(i * 2, "Ana Cruz"))]);

        var (counts, reports) = await Import([.. Enumerable.Range(0, 600).Select(i => Row(i, i % 4 == 0 ? "Kevin Ho" : "Ana Cruz")), Row(1, "Kevin Ho"), "+12,,,,,,,,,,,,,,,,,"]);

        Assert.Equal((300, 151, 150, 1), (counts.Created, counts.Changed, counts.Unchanged, counts.Refused));
        Assert.Equal(Enumerable.Range(1, 602), reports.Select(r => r.Row));
        Assert.All(reports.Take(600), r => Assert.Equal(r.Row % 2 == 0 ? RowOutcome.Created : r.Row % 4 == 1 ? RowOutcome.Changed : RowOutcome.Unchanged, r.Outcome));
    }

    [Fact]
    public async Task Rows_with_one_iccid_are_one_card_with_several_lines_wherever_they_stand()
    {
        var (counts, _) = await Import(
            "+85290000001,8985200000000000036,physical,hk-cmhk,one-card-two-numbers,2026-11-05,,,,,,,,,,,,",
            "+639000000004,8963000000000000043,physical,ph-smart,prepaid,2026-02-26,2026-11-08,1000,PHP,,,,,,,,,",
            "+8610000000001,8985200000000000036,physical,hk-cmhk,one-card-two-numbers,2026-11-06,,,,,,,,,,,,");

        var lines = await DueLines();
        Assert.Equal(3, counts.Created);
        Assert.Equal(2, lines.Select(l => l.CardId).Distinct().Count());
        Assert.Equal(2, lines.Count(l => l.Iccid == "8985200000000000036"));
    }

    [Fact]
    public async Task What_cannot_be_read_is_told_with_column_value_and_cure_and_the_rest_goes_in()
    {
        var (counts, reports) = await Import(
            "+639000000005,8963000000000000050,physical,ph-tm,prepaid,2026-02-30,2026-03-01,\"1,000\",PHP,,,,,,,urgent,,",
            "+639000000006,8963000000000000069,phys,Nobody Mobile,gold,,,,,,,,,,,,,",
            "0900 000 007,8963000000000000076,,ph-tm,prepaid,,,,,,,,,,,,,",
            ",,,ph-tm,prepaid,,,,,,,,,,,,,",
            "+639000000008,,,ph-tm,prepaid,2999-01-01,,,,,,,,,,,,");

        Assert.Equal((3, 2), (counts.Created, counts.Refused));
        Assert.Equal(["activated_on:2026-02-30", "importance:urgent", "last_topup_amount:1,000"], Notes(reports, 1));
        Assert.Equal(["carrier:Nobody Mobile", "form_factor:phys", "iccid:8963000000000000069"], Notes(reports, 2));
        Assert.Equal(["number:0900 000 007"], Notes(reports, 3));
        Assert.Equal([":"], Notes(reports, 4));
        Assert.Equal(["activated_on:2999-01-01", "iccid:"], Notes(reports, 5));
        Assert.All(reports.SelectMany(r => r.Notes), note => Assert.EndsWith(".", note.Cure));
    }

    [Fact]
    public async Task A_number_is_taken_as_it_is_dialled_in_the_carriers_country_and_is_the_same_number()
    {
        string[] rows =
        [
            "0917 123-4567,,,TM,prepaid,,,,,,,,Ana Cruz,,,,,", "+639171234567,,,ph-tm,prepaid,,,,,,,,Kevin Ho,,,,,", "09171234567,,,,,,,,,,,,,,,,,", "628123456789,,,id-telkomsel,,,,,,,,,,,,,,",
        ];

        var (counts, reports) = await Import(rows);

        Assert.Equal((1, 1, 2), (counts.Created, counts.Changed, counts.Refused));
        Assert.Equal(["number:09171234567"], Notes(reports, 3)); // Of no carrier nobody knows the country.
        Assert.Equal(["number:628123456789"], Notes(reports, 4));
        var line = Assert.Single(await DueLines());
        Assert.Equal(("+639171234567", "Kevin Ho"), (line.Number, line.Owner));
    }

    [Fact]
    public async Task What_the_ledger_refuses_is_told_in_the_words_of_the_file()
    {
        var (counts, reports) = await Import(
            "+639000000005,8963000000000000050,,ph-tm,prepaid,2999-01-02,2999-01-03,300,PHP,9999-12-31,12,2999-01-04,,,,,,",
            "+639000000006,8963000000000000068,,ph-tm,prepaid,,2026-03-01,0,PHP,,,,,,,,,",
            "+12025550107,8901260000000000071,,,,,2026-03-01,20,,,12,2026-03-02,,,,,,");

        Assert.Equal((3, 3), (counts.Created, counts.Warned));
        Assert.Equal(["activated_on:2999-01-02", "balance_on:2999-01-04", "expires_on:9999-12-31", "last_topup_on:2999-01-03"], Notes(reports, 1));
        Assert.Equal(["last_topup_amount:0"], Notes(reports, 2));
        Assert.Equal(["carrier:", "currency:", "currency:"], Notes(reports, 3));
        Assert.All(reports.SelectMany(r => r.Notes), note => Assert.DoesNotContain("/", note.What + note.Cure, StringComparison.Ordinal));
        Assert.All(reports.SelectMany(r => r.Notes), note => Assert.DoesNotContain("members", note.Cure, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_number_on_another_sim_is_refused_with_the_sim_it_is_on()
    {
        await Import("+639000000004,8963000000000000043,,ph-smart,prepaid,,,,,,,,,,,,,");

        var (counts, reports) = await Import("+639000000004,8963000000000000050,,ph-smart,prepaid,,,,,,,,,,,,,");

        Assert.Equal(1, counts.Refused);
        Assert.Contains("8963000000000000043", Assert.Single(reports).Notes[0].What);
    }

    [Fact]
    public async Task A_changed_cell_changes_the_card_and_an_old_expiry_does_not_come_back()
    {
        await Import("+639000000004,8963000000000000043,,ph-smart,prepaid,,,,,2027-03-01,,,Ana Cruz,,,,,");
        await Import("+639000000004,8963000000000000043,,ph-smart,prepaid,,,,,2027-09-01,,,Ana Cruz,,,,,");

        var (counts, _) = await Import("+639000000004,8963000000000000043,,ph-smart,prepaid,,,,,2027-03-01,,,Kevin Ho,,,,,");

        Assert.Equal(1, counts.Changed);
        var line = Assert.Single(await DueLines());
        Assert.Equal((new LocalDate(2027, 9, 1), "Kevin Ho"), (line.EndsOn, line.Owner));
    }

    [Fact]
    public async Task An_entry_that_was_voided_does_not_come_back_with_its_file()
    {
        const string row = "+639000000004,8963000000000000043,,ph-smart,prepaid,,2026-03-01,300,PHP,2027-09-01,,,,,,,,";
        await Import(row);
        var cards = _services.GetRequiredService<CardLedger>();
        var card = Assert.Single(await DueLines()).CardId;
        var wrong = (await cards.Load(Acme, card, null, default)).Facts.Where(f => f.Type is "ToppedUp" or "CarrierStatedExpiry").ToList();
        foreach (var fact in wrong) await cards.Execute(new CommandContext(Acme, new SimLedger.Ledger.AuditContext("key:test", "test")), card, new Cards.CardCommand.Void(fact.EventId), default);

        var (counts, _) = await Import(row);

        Assert.Equal(2, wrong.Count);
        Assert.Equal(1, counts.Unchanged);
    }

    [Theory]
    [InlineData("", "empty")]
    [InlineData("a,b\n1,2", "neither")]
    [InlineData("number,number\n1,2", "twice")]
    public async Task A_file_that_is_no_fleet_is_told_so(string text, string says)
    {
        var error = await Assert.ThrowsAsync<FleetFileException>(() => Import(Encoding.UTF8.GetBytes(text)));
        Assert.Contains(says, error.Message);
    }

    [Fact]
    public async Task A_file_that_is_not_utf8_keeps_the_rows_before()
    {
        // Long enough that the bad byte is not in the first block that is decoded.
        var good = string.Concat(Enumerable.Range(0, 3000).Select(i => $"+6390000{i:00000},,,ph-tm,prepaid,,,,,,,,,,,,,{new string('n', 80)}\n"));
        byte[] file = [.. Encoding.UTF8.GetBytes($"{Header}\n{good}"), 0xC3, 0x28, (byte)'\n'];

        var error = await Assert.ThrowsAsync<FleetFileException>(() => Import(file));

        Assert.Contains("UTF-8", error.Message);
        Assert.NotEmpty(await DueLines());
    }

    [Fact]
    public async Task Byte_order_mark_crlf_quotes_short_rows_and_unknown_columns_are_no_trouble()
    {
        var file = "\uFEFFNumber,ICCID,colour,carrier,product,notes\r\n+639000000004,8963000000000000043,red,ph-smart,prepaid,\"say \"\"hi\"\", 你好\"\r\n+639000000005\r\n\r\n";

        var (counts, _) = await Import(Encoding.UTF8.GetBytes(file));

        Assert.Equal(2, counts.Created);
        Assert.Equal(["colour"], _unknownColumns);
    }

    [Fact]
    public async Task The_same_file_by_two_at_once_leaves_each_card_once()
    {
        var file = Encoding.UTF8.GetBytes(Header + "\n" + string.Concat(Enumerable.Range(0, 200).Select(i => $"+6390000{i:00000},,,ph-tm,prepaid,2026-01-01,2026-02-01,300,PHP,,,,,,,,,\n")));

        await Task.WhenAll(Import(file), Import(file));

        Assert.Equal(200, (await DueLines()).Count);
        Assert.Equal(200L, await _database.Tamper("select count(*) from events where type = 'ToppedUp'"));
    }

    private static IEnumerable<string> Notes(List<RowReport> reports, int row) =>
        reports.Single(r => r.Row == row).Notes.Select(n => $"{n.Column}:{n.Value}").Order(StringComparer.Ordinal);

    private static int Noted(List<RowReport> reports, string column) => reports.Count(r => r.Notes.Any(n => n.Column == column));

    private Task<(ImportCounts Counts, List<RowReport> Reports)> Import(params string[] rows) => Import(Encoding.UTF8.GetBytes(string.Join('\n', rows.Prepend(Header))));

    private async Task<(ImportCounts Counts, List<RowReport> Reports)> Import(byte[] file)
    {
        var reports = new List<RowReport>();
        using var stream = new MemoryStream(file);
        var counts = await _services.GetRequiredService<FleetImport>().Run(
            new ImportOrder(Acme, Guid.CreateVersion7(), "system:test", "import:test.csv"), stream, null, columns => _unknownColumns = [.. columns], row =>
            {
                reports.Add(row);
                return ValueTask.CompletedTask;
            }, CancellationToken.None);
        return (counts, reports);
    }

    private async Task<long> Facts() => (long)(await _database.Tamper("select position from tenant_heads where tenant_id = 'acme'"))!;

    private async Task<List<StandingRow>> DueLines(params Rules.Stage[] stages)
    {
        var query = _services.GetRequiredService<DueListQuery>();
        var filter = new DueListFilter(null, stages.Length == 0 ? null : stages, null);
        var lines = new List<StandingRow>();
        DueListPlace? next = null;
        do
        {
            var page = await query.Page(Acme, filter, next, _services.GetRequiredService<CardLedger>().Now, 200, CancellationToken.None);
            lines.AddRange(page.Rows);
            next = page.Next;
        }
        while (next is not null);
        return lines;
    }
}
