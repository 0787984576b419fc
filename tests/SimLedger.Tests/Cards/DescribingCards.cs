using SimLedger.Cards;
using SimLedger.Rules;
using static SimLedger.Tests.Cards.CardSpec;
using static SimLedger.Tests.Cards.Example;

namespace SimLedger.Tests.Cards;

public class DescribingCards
{
    private static readonly EntryTime InHongkong = At("2026-11-22T02:00:00+08:00");

    private static readonly CardEvent Described =
        new CardEvent.CardDescribed { Purpose = "spare", Importance = Importance.High, Location = "A3", Tags = ["otp", "测试"] };

    [Fact]
    public void Only_what_differs_is_recorded() => Given(OneLine(Described))
        .When(new CardCommand.Describe { Purpose = "spare", Importance = Importance.Critical, Location = "B1" })
        .Then(new CardEvent.CardDescribed { At = InHongkong, Importance = Importance.Critical, Location = "B1" });

    [Fact]
    public void An_empty_text_clears_a_null_leaves() => Given(OneLine(Described))
        .When(new CardCommand.Describe { Purpose = "", Tags = [] })
        .Then(new CardEvent.CardDescribed { At = InHongkong, Purpose = "", Tags = [] });

    [Fact]
    public void The_same_description_again_changes_nothing() => Given(OneLine(Described))
        .When(new CardCommand.Describe { Purpose = "spare", Importance = Importance.High, Location = "A3", Tags = ["测试", "otp"] })
        .ThenNothing();

    [Fact]
    public void Clearing_what_is_clear_changes_nothing() =>
        Given(OneLine()).When(new CardCommand.Describe { Purpose = "", Importance = Importance.Normal, Tags = [] }).ThenNothing();

    [Fact]
    public void A_description_of_nothing_is_refused() => Given(OneLine()).When(new CardCommand.Describe()).ThenRefused(Refusal.NothingToRecord);

    [Fact]
    public void More_tags_than_are_kept_are_refused() => Given(OneLine())
        .When(new CardCommand.Describe { Tags = [.. Enumerable.Range(0, 65).Select(n => $"t{n}")] })
        .ThenMalformed(("/tags", "too-many-tags"));

    [Fact]
    public void Owner_and_custodian_are_assigned_apart() => Given(OneLine(new CardEvent.PeopleAssigned { Owner = "陈伟", Custodian = "Ana" }))
        .When(new CardCommand.AssignPeople { Owner = "Maria", Custodian = "Ana" })
        .Then(new CardEvent.PeopleAssigned { At = InHongkong, Owner = "Maria" });

    [Fact]
    public void The_same_people_again_change_nothing() => Given(OneLine(new CardEvent.PeopleAssigned { Owner = "陈伟" }))
        .When(new CardCommand.AssignPeople { Owner = "陈伟", Custodian = "" })
        .ThenNothing();

    [Fact]
    public void An_owner_can_be_taken_away() => Given(OneLine(new CardEvent.PeopleAssigned { Owner = "陈伟" }))
        .When(new CardCommand.AssignPeople { Owner = "" })
        .Then(new CardEvent.PeopleAssigned { At = InHongkong, Owner = "" });

    [Fact]
    public void Assigning_nobody_to_nothing_is_refused() =>
        Given(OneLine()).When(new CardCommand.AssignPeople()).ThenRefused(Refusal.NothingToRecord);

    [Fact]
    public void A_name_too_long_is_refused() => Given(OneLine())
        .When(new CardCommand.AssignPeople { Owner = new string('陈', 201) })
        .ThenMalformed(("/owner", "text-too-long"));

    [Fact]
    public void Notes_replace_notes() => Given(OneLine(new CardEvent.NotesWritten("old")))
        .When(new CardCommand.WriteNotes("new"))
        .Then(new CardEvent.NotesWritten("new") { At = InHongkong });

    [Fact]
    public void The_same_notes_again_change_nothing() =>
        Given(OneLine(new CardEvent.NotesWritten("old"))).When(new CardCommand.WriteNotes("old")).ThenNothing();

    [Fact]
    public void Notes_with_half_a_character_are_refused() =>
        Given(OneLine()).When(new CardCommand.WriteNotes("a\udc00")).ThenMalformed(("/notes", "text-not-unicode"));

    [Fact]
    public void A_card_nobody_registered_has_nothing_to_describe()
    {
        Given().When(new CardCommand.Describe { Purpose = "spare" }).ThenRefused(Refusal.CardNotRegistered);
        Given().When(new CardCommand.AssignPeople { Owner = "Ana" }).ThenRefused(Refusal.CardNotRegistered);
        Given().When(new CardCommand.WriteNotes("n")).ThenRefused(Refusal.CardNotRegistered);
    }
}
