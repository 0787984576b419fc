using SimLedger.Cards;
using static SimLedger.Tests.Cards.CardSpec;
using static SimLedger.Tests.Cards.Example;

namespace SimLedger.Tests.Cards;

public class RegisteringCards
{
    private static readonly CardCommand.Register Bare = new([new NewLine(First) { Number = "+85200000003" }]);

    [Fact]
    public void A_number_is_enough() =>
        Given().When(Bare).Then(new CardEvent.CardRegistered(null, null, null, null), new CardEvent.LineAttached(First, null, null, null), FirstNumber);

    [Fact]
    public void Everything_known_is_recorded_personal_data_in_facts_of_its_own() => Given()
        .When(new CardCommand.Register([
            new NewLine(First) { Number = "+85200000003", Product = "prepaid", Region = "HK", ActivatedOn = Date("2023-05-01") },
            new NewLine(Second) { Number = "+8613800000000" }])
        {
            Carrier = "中國移動香港",
            FormFactor = FormFactor.Esim,
            Iccid = "8985200000000000036",
            Eid = "89049032000000000000000000000066",
            Description = new() { Purpose = "shop account", Importance = Importance.Critical, Location = "A3", Tags = ["测试", "otp", "otp"] },
            People = new() { Owner = "陈伟", Custodian = "Ana" },
            Notes = "ask Ana first",
        })
        .Then(
            new CardEvent.CardRegistered("中國移動香港", FormFactor.Esim, "8985200000000000036", "89049032000000000000000000000066"),
            new CardEvent.LineAttached(First, "prepaid", "HK", Date("2023-05-01")),
            FirstNumber,
            new CardEvent.LineAttached(Second, null, null, null),
            new CardEvent.NumberAssigned(Second, "+8613800000000"),
            new CardEvent.CardDescribed { Purpose = "shop account", Importance = Importance.Critical, Location = "A3", Tags = ["测试", "otp"] },
            new CardEvent.PeopleAssigned { Owner = "陈伟", Custodian = "Ana" },
            new CardEvent.NotesWritten("ask Ana first"));

    [Fact]
    public void Blank_texts_count_as_not_sent() => Given()
        .When(new CardCommand.Register([new NewLine(First) { Number = " ", Product = "", Region = " " }])
        {
            Carrier = "",
            Iccid = "8985200000000000036",
            Eid = " ",
            Description = new() { Purpose = "", Importance = Importance.Normal, Location = " ", Tags = [] },
            People = new() { Owner = "" },
            Notes = " ",
        })
        .Then(new CardEvent.CardRegistered(null, null, "8985200000000000036", null), new CardEvent.LineAttached(First, null, null, null));

    [Fact]
    public void A_card_is_registered_once() => Given(OneLine()).When(Bare).ThenRefused(Refusal.CardAlreadyRegistered);

    [Fact]
    public void A_card_that_nothing_identifies_is_refused() =>
        Given().When(new CardCommand.Register([new NewLine(First)]) { Carrier = "hk-cmhk" }).ThenRefused(Refusal.IdentifierMissing);

    [Fact]
    public void A_card_without_a_line_is_refused() =>
        Given().When(new CardCommand.Register([]) { Iccid = "8985200000000000036" }).ThenMalformed(("/lines", "lines-missing"));

    [Fact]
    public void Eight_lines_are_the_most()
    {
        Given().When(new CardCommand.Register(Lines(9))).ThenRefused(Refusal.TooManyLines);
        Assert.IsType<Decision.Accepted>(Given().When(new CardCommand.Register(Lines(8))).Decision);
    }

    [Fact]
    public void Two_lines_cannot_have_one_number() => Given()
        .When(new CardCommand.Register([new NewLine(First) { Number = "+85200000003" }, new NewLine(Second) { Number = "+85200000003" }]))
        .ThenRefused(Refusal.NumberOnTwoLines);

    [Fact]
    public void Two_lines_cannot_have_one_id() => Given()
        .When(new CardCommand.Register([new NewLine(First) { Number = "+85200000003" }, new NewLine(First)]))
        .ThenRefused(Refusal.LineAlreadyAttached);

    [Fact]
    public void A_line_is_not_activated_tomorrow()
    {
        var refused = Given().When(new CardCommand.Register([new NewLine(First) { Number = "+85200000003", ActivatedOn = Date("2026-11-23") }]))
            .ThenRefused(Refusal.AtInTheFuture);

        Assert.Equal("/lines/0/activatedOn", Assert.Single(refused.Values).Member);
        Assert.Equal("/lines/0/activatedOn lies ahead: in zone Asia/Hong_Kong it is 2026-11-22.", refused.Detail);
    }

    [Fact]
    public void Every_malformed_member_is_named_at_once() => Given()
        .When(new CardCommand.Register([new NewLine(First) { Number = "00852" }, new NewLine(Second) { Product = new string('p', 65) }])
        {
            Carrier = "\0",
            FormFactor = (FormFactor)7,
            Iccid = "8985200000000000037",
            Eid = "8904",
            Description = new() { Importance = (Importance)9, Tags = ["ok", "", "\ud800"] },
            People = new() { Custodian = new string('x', 201) },
            Notes = new string('x', 4001),
        })
        .ThenMalformed(
            ("/carrier", "text-with-nul"),
            ("/formFactor", "unknown-name"),
            ("/iccid", "iccid-check-digit"),
            ("/eid", "eid-length"),
            ("/notes", "text-too-long"),
            ("/lines/0/number", "number-without-plus"),
            ("/lines/1/product", "text-too-long"),
            ("/importance", "unknown-name"),
            ("/tags/1", "tag-empty"),
            ("/tags/2", "text-not-unicode"),
            ("/custodian", "text-too-long"));

    [Fact]
    public void A_second_line_is_attached() => Given(OneLine())
        .When(new CardCommand.AttachLine(new NewLine(Second) { Number = "+8613800000000" }))
        .Then(SecondLine, new CardEvent.NumberAssigned(Second, "+8613800000000"));

    [Fact]
    public void Attaching_the_same_line_again_changes_nothing() => Given(OneLine())
        .When(new CardCommand.AttachLine(new NewLine(First) { Number = "+85200000003", Product = "prepaid", Region = "" }))
        .ThenNothing();

    [Fact]
    public void Attaching_another_line_under_a_known_id_is_refused() => Given(OneLine())
        .When(new CardCommand.AttachLine(new NewLine(First) { Number = "+85200000004" }))
        .ThenRefused(Refusal.LineAlreadyAttached);

    [Fact]
    public void A_further_line_cannot_have_a_number_of_the_card() => Given(OneLine())
        .When(new CardCommand.AttachLine(new NewLine(Second) { Number = "+85200000003" }))
        .ThenRefused(Refusal.NumberOnTwoLines);

    [Fact]
    public void A_ninth_line_is_refused() => Given([Registered, .. Lines(8).Select(line => new CardEvent.LineAttached(line.LineId, null, null, null))])
        .When(new CardCommand.AttachLine(new NewLine(First)))
        .ThenRefused(Refusal.TooManyLines);

    [Fact]
    public void A_malformed_line_is_refused() => Given(OneLine())
        .When(new CardCommand.AttachLine(new NewLine(Second) { Number = "+0852000000" }))
        .ThenMalformed(("/number", "number-starts-with-zero"));

    [Fact]
    public void A_line_needs_a_card() => Given().When(new CardCommand.AttachLine(new NewLine(First))).ThenRefused(Refusal.CardNotRegistered);

    private static NewLine[] Lines(int count) => [.. Enumerable.Range(100, count).Select(n => new NewLine(Id(n)) { Number = $"+852000001{n:00}" })];
}
