using System.Net;
using System.Text.Json;

namespace SimLedger.IntegrationTests.Http;

/// <summary>Every command of a card over HTTP: what it records, what it answers again, and what it refuses.</summary>
public sealed class CardCommands(ApiFixture api) : IClassFixture<ApiFixture>
{
    /// <summary>Command, a body that it takes, the types of facts it records, and what the card says after it: a member and its value.</summary>
    public static TheoryData<string, string, string, string, string> Commands => new()
    {
        { "activations", """{"at":"2026-05-01"}""", "Activated", "retired", "false" },
        { "top-ups", """{"at":"2026-05-01","amount":"10"}""", "ToppedUp", "retired", "false" },
        { "renewals", """{"at":"2026-05-01"}""", "Renewed", "retired", "false" },
        { "carrier-statements", """{"at":"2026-05-01","endsOn":"2027-05-01"}""", "CarrierStatedExpiry", "retired", "false" },
        { "usages", """{"at":"2026-05-01","kind":"sms","direction":"out","chargeable":true,"cost":{"amount":"0.20","currency":"GBP"},"roaming":true}""", "UsageRecorded", "retired", "false" },
        { "balances", """{"at":"2026-05-01","amount":"-3.10"}""", "BalanceObserved", "retired", "false" },
        { "registrations", """{"at":"2026-05-01","method":"video call"}""", "IdentityRegistered", "retired", "false" },
        { "status-checks", """{"at":"2026-05-01","state":"active","endsOn":"2027-05-01","balance":"4","observed":"正常","channel":"hotline"}""", "StatusChecked,CarrierStatedExpiry,BalanceObserved", "retired", "false" },
        { "number-changes", """{"at":"2026-05-01","number":"+447700900199"}""", "NumberAssigned", "lines.0.number", "+447700900199" },
        { "sim-replacements", """{"at":"2026-05-01","iccid":"8944000000000000027","formFactor":"esim"}""", "SimReplaced", "iccid", "8944000000000000027" },
        { "sim-conditions", """{"at":"2026-05-01","condition":"damaged"}""", "SimConditionReported", "simCondition", "damaged" },
        { "device-changes", """{"at":"2026-05-01","device":"Pixel 9","imei":"490154203237518"}""", "DeviceAssigned", "device", "Pixel 9" },
        { "plan-changes", """{"at":"2026-05-01","plan":"goodybag 6"}""", "PlanChanged", "contracts.0.plan", "goodybag 6" },
        { "product-changes", """{"at":"2026-05-01","product":"other","region":"gb"}""", "ProductChanged", "lines.0.product", "other" },
        { "carrier-identifications", """{"at":"2026-05-01","carrier":"gb-ee","channel":"hotline"}""", "CarrierIdentified", "carrier", "gb-ee" },
        { "carrier-switches", """{"at":"2026-05-01","carrier":"gb-ee","product":"payg"}""", "CarrierSwitched", "carrier", "gb-ee" },
        { "lines", """{"number":"+447700900155","product":"payg"}""", "LineAttached,NumberAssigned", "lines.1.number", "+447700900155" },
        { "detachments", """{"at":"2026-05-01"}""", "LineDetached", "lines.0.closed", "true" },
        { "issues", """{"at":"2026-05-01","holder":"陈伟","document":"folder 7","contact":"office"}""", "CardIssued", "issued.holder", "陈伟" },
        { "descriptions", """{"at":"2026-05-01","purpose":"bank","importance":"critical","location":"safe","tags":["otp"],"owner":"Ana","custodian":"Li","notes":"n"}""", "CardDescribed,PeopleAssigned,NotesWritten", "owner", "Ana" },
        { "retirements", """{"at":"2026-05-01"}""", "CardRetired", "retired", "true" },
    };

    public static TheoryData<string, string> Bodies
    {
        get
        {
            var bodies = new TheoryData<string, string>();
            foreach (var row in Commands) bodies.Add((string)row[0], (string)row[1]);
            return bodies;
        }
    }

    [Theory]
    [MemberData(nameof(Commands))]
    public async Task A_command_is_recorded_once_and_the_card_shows_it(string command, string body, string facts, string member, string value)
    {
        var client = await api.Host.NewOrganisation();
        var card = await Card(client);
        var key = Guid.NewGuid().ToString();

        var answer = (await client.Post($"/v1/cards/{card}/{command}", body, key)).Is(HttpStatusCode.OK);
        var again = (await client.Post($"/v1/cards/{card}/{command}", body, key)).Is(HttpStatusCode.OK);

        Assert.Equal(facts, string.Join(',', answer.Json.GetProperty("facts").EnumerateArray().Select(fact => fact.GetProperty("type").GetString())));
        Assert.Equal("true", again.Header("Idempotency-Replayed"));
        Assert.Equal(answer.Text, again.Text);
        var read = (await client.Get($"/v1/cards/{card}")).Is(HttpStatusCode.OK);
        Assert.Equal(answer.Json.GetProperty("version").GetInt32(), read.Json.GetProperty("version").GetInt32());
        Assert.Equal(answer.ETag, read.ETag);
        Assert.Equal(value, Member(read.Json, member));
    }

    [Theory]
    [MemberData(nameof(Bodies))]
    public async Task A_command_fails_by_name(string command, string body)
    {
        var client = await api.Host.NewOrganisation();
        var card = await Card(client);
        var path = $"/v1/cards/{card}/{command}";

        (await client.Post(path, body, null, ("If-Match", "\"1\""))).Problem(HttpStatusCode.PreconditionFailed, "version-mismatch");
        (await client.Post(path, body[..^1] + ",\"nonsense\":1}")).Problem(HttpStatusCode.BadRequest, "invalid-request");
        (await client.Post(path, "[]")).Problem(HttpStatusCode.BadRequest, "invalid-request");
        (await client.Post($"/v1/cards/{Guid.NewGuid()}/{command}", body)).Problem(HttpStatusCode.NotFound, "card-not-found");
        (await client.Send(HttpMethod.Post, path, ApiClient.Json(body))).Problem(HttpStatusCode.BadRequest, "idempotency-key-missing");
        (await (await api.Host.NewOrganisation()).Post(path, body)).Problem(HttpStatusCode.NotFound, "card-not-found");
        (await (await api.Host.Client(client.Tenant, "read")).Post(path, body)).Problem(HttpStatusCode.Forbidden, "scope-missing");
        if (body.Contains("\"at\"", StringComparison.Ordinal))
        {
            (await client.Post(path, body.Replace("2026-05-01", "2199-05-01", StringComparison.Ordinal))).Problem(HttpStatusCode.UnprocessableEntity, "at-in-the-future");
        }
        Assert.Equal(3, (await client.Get($"/v1/cards/{card}")).Json.GetProperty("version").GetInt32());
    }

    [Theory]
    [MemberData(nameof(Bodies))]
    public async Task What_a_command_recorded_can_be_voided(string command, string body)
    {
        var client = await api.Host.NewOrganisation();
        var card = await Card(client);
        var recorded = (await client.Post($"/v1/cards/{card}/{command}", body)).Is(HttpStatusCode.OK);

        foreach (var fact in recorded.Json.GetProperty("facts").EnumerateArray())
        {
            var voided = await client.Post($"/v1/cards/{card}/voids", $$"""{"factId":"{{fact.GetProperty("factId").GetGuid()}}"}""");
            if (fact.GetProperty("type").GetString() == "LineAttached") voided.Problem(HttpStatusCode.UnprocessableEntity, "fact-not-voidable");
            else Assert.Equal("EntryVoided", voided.Is(HttpStatusCode.OK).Json.GetProperty("facts")[0].GetProperty("type").GetString());
        }
    }

    [Fact]
    public async Task A_card_takes_eight_lines_and_a_command_that_says_nothing_is_told_so()
    {
        var client = await api.Host.NewOrganisation();
        var card = await Card(client);
        for (var line = 2; line <= 8; line++) (await client.Post($"/v1/cards/{card}/lines", "{}")).Is(HttpStatusCode.OK);

        (await client.Post($"/v1/cards/{card}/lines", "{}")).Problem(HttpStatusCode.UnprocessableEntity, "too-many-lines");
        (await client.Post($"/v1/cards/{card}/descriptions", "{}")).Problem(HttpStatusCode.UnprocessableEntity, "nothing-to-record");
        (await client.Post($"/v1/cards/{card}/detachments", "{}")).Problem(HttpStatusCode.UnprocessableEntity, "line-not-named");
    }

    [Fact]
    public async Task The_history_tells_what_each_change_changed_as_of_when_it_took_effect()
    {
        var client = await api.Host.NewOrganisation();
        var card = await Card(client);
        await client.Post($"/v1/cards/{card}/descriptions", """{"owner":"Ana","tags":["otp","bank"],"at":"2026-05-02"}""");
        await client.Post($"/v1/cards/{card}/number-changes", """{"number":"+447700900999","at":"2026-05-03"}""");
        await client.Post($"/v1/cards/{card}/number-changes", """{"number":"+447700900555","at":"2026-05-01"}""");

        var facts = (await client.Get($"/v1/cards/{card}/history")).Json.GetProperty("facts").EnumerateArray().ToList();

        string[] Changed(int newest) => [.. facts[newest].GetProperty("changed").EnumerateArray().Select(c => $"{c.GetProperty("member")}: {c.GetProperty("before")} > {c.GetProperty("after")}")];
        Assert.Equal(["number: +447700900123 > +447700900555"], Changed(0));
        Assert.Equal(["number: +447700900555 > +447700900999"], Changed(1));
        Assert.Equal(["owner:  > Ana"], Changed(2));
        Assert.Equal(["tags:  > otp, bank"], Changed(3));
    }

    [Fact]
    public async Task A_line_that_was_detached_takes_no_entries()
    {
        var client = await api.Host.NewOrganisation();
        var card = await Card(client);
        (await client.Post($"/v1/cards/{card}/detachments", """{"at":"2026-05-01"}""")).Is(HttpStatusCode.OK);

        (await client.Post($"/v1/cards/{card}/top-ups", """{"amount":"10"}""")).Problem(HttpStatusCode.UnprocessableEntity, "line-is-detached");
    }

    [Fact]
    public async Task A_returned_and_a_reopened_card_are_as_before()
    {
        var client = await api.Host.NewOrganisation();
        var card = await Card(client);
        await client.Post($"/v1/cards/{card}/issues", """{"holder":"Ana","at":"2026-05-01"}""");
        (await client.Post($"/v1/cards/{card}/returns", """{"at":"2026-05-02"}""")).Is(HttpStatusCode.OK);
        await client.Post($"/v1/cards/{card}/retirements", """{"at":"2026-05-03"}""");
        (await client.Post($"/v1/cards/{card}/top-ups", """{"at":"2026-05-04","amount":"10"}""")).Problem(HttpStatusCode.UnprocessableEntity, "card-is-retired");
        (await client.Post($"/v1/cards/{card}/reopenings", """{"at":"2026-05-05"}""")).Is(HttpStatusCode.OK);

        var read = (await client.Get($"/v1/cards/{card}")).Json;
        Assert.Equal(JsonValueKind.Null, read.GetProperty("issued").ValueKind);
        Assert.False(read.GetProperty("retired").GetBoolean());
    }

    [Fact]
    public async Task A_retired_card_leaves_its_number_to_another_and_cannot_be_reopened_then()
    {
        var client = await api.Host.NewOrganisation();
        var card = await Card(client);
        (await client.Post($"/v1/cards/{card}/retirements", "{}")).Is(HttpStatusCode.OK);
        Assert.Equal(0, (await client.Get("/v1/due-list")).Json.GetProperty("items").GetArrayLength());

        await Card(client);

        (await client.Post($"/v1/cards/{card}/reopenings", "{}")).Problem(HttpStatusCode.Conflict, "identifier-taken");
    }

    [Fact]
    public async Task A_number_is_taken_as_it_is_dialled_in_the_carriers_country()
    {
        var client = await api.Host.NewOrganisation();

        var registered = await client.Post("/v1/cards", """{"carrier":"ph-tm","lines":[{"number":"0917 123-4567","product":"prepaid"}]}""");

        var line = registered.Is(HttpStatusCode.Created).Json.GetProperty("lines")[0];
        Assert.Equal(("+639171234567", "09171234567"), (line.GetProperty("number").GetString(), line.GetProperty("nationalNumber").GetString()));
        var wrong = (await client.Post("/v1/cards", """{"carrier":"ph-tm","lines":[{"number":"0917 123-456"}]}""")).Problem(HttpStatusCode.BadRequest, "invalid-values");
        Assert.Equal(("/lines/0/number", "number-not-national"), (wrong.GetProperty("errors")[0].GetProperty("pointer").GetString(), wrong.GetProperty("errors")[0].GetProperty("code").GetString()));
    }

    [Fact]
    public async Task A_number_that_differs_in_one_digit_from_one_of_the_fleet_is_pointed_out()
    {
        var client = await api.Host.NewOrganisation();
        var card = await Card(client);

        var registered = await client.Post("/v1/cards", """{"carrier":"gb-giffgaff","lines":[{"number":"+447700900124"}]}""");
        var far = await client.Post("/v1/cards", """{"carrier":"gb-giffgaff","lines":[{"number":"+447711911888"}]}""");
        var shortened = await client.Post("/v1/cards", """{"carrier":"gb-giffgaff","lines":[{"number":"+44771191177"}]}""");

        var warning = Assert.Single(registered.Is(HttpStatusCode.Created).Json.GetProperty("warnings").EnumerateArray());
        Assert.Equal(("lookAlikeNumber", "+447700900123", card), (warning.GetProperty("code").GetString(), warning.GetProperty("number").GetString(), warning.GetProperty("cardId").GetGuid()));
        Assert.Empty(far.Json.GetProperty("warnings").EnumerateArray());
        Assert.Equal("unusualLength", Assert.Single(shortened.Json.GetProperty("warnings").EnumerateArray()).GetProperty("code").GetString());
    }

    [Fact]
    public async Task A_lost_sim_and_a_check_that_saw_another_stage_show_on_the_due_list()
    {
        var client = await api.Host.NewOrganisation();
        var card = await Card(client);
        await client.Post($"/v1/cards/{card}/activations", """{"at":"2026-11-01"}""");
        await client.Post($"/v1/cards/{card}/sim-conditions", """{"condition":"lost"}""");
        var seen = await client.Post($"/v1/cards/{card}/status-checks", """{"state":"suspended","channel":"portal"}""");

        var line = seen.Is(HttpStatusCode.OK).Json.GetProperty("lines")[0];
        Assert.Equal(["simLost", "statusDiffers"], line.GetProperty("flags").EnumerateArray().Select(flag => flag.GetString()));
        Assert.True(line.GetProperty("settle").GetBoolean());
        Assert.Equal(1, (await client.Get("/v1/due-list?flag=statusDiffers")).Json.GetProperty("items").GetArrayLength());

        var agreed = await client.Post($"/v1/cards/{card}/status-checks", """{"state":"active","channel":"portal"}""");
        Assert.False(agreed.Json.GetProperty("lines")[0].GetProperty("settle").GetBoolean());
    }

    private static Task<Guid> Card(ApiClient client) =>
        client.Register("""{"carrier":"gb-giffgaff","lines":[{"number":"+447700900123","product":"payg"}]}""");

    private static string Member(JsonElement json, string path)
    {
        foreach (var step in path.Split('.')) json = int.TryParse(step, out var index) ? json[index] : json.GetProperty(step);
        return json.ValueKind == JsonValueKind.String ? json.GetString()! : json.GetRawText();
    }
}
