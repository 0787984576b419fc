using SimLedger.Cards;
using SimLedger.Server.Http;

namespace SimLedger.Server.UseCases;

/// <summary>Members that describe a card.</summary>
internal static class DescriptionRequest
{
    public static CardCommand.Describe Read(RequestBody body) => new()
    {
        Purpose = body.Text("purpose"),
        Importance = body.Word("importance", ("normal", Importance.Normal), ("high", Importance.High), ("critical", Importance.Critical)),
        Location = body.Text("location"),
        Tags = body.Texts("tags", FreeText.MostTags),
    };

    public static CardCommand.AssignPeople People(RequestBody body) => new() { Owner = body.Text("owner"), Custodian = body.Text("custodian") };
}
