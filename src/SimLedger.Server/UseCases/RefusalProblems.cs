using SimLedger.Cards;
using SimLedger.Server.Http;

namespace SimLedger.Server.UseCases;

/// <summary>Refusals of the domain as problem details: their kebab-case names are the codes.</summary>
public static class RefusalProblems
{
    /// <summary>A card nobody registered is the card not found of every read.</summary>
    public static ProblemKind KindOf(Refusal why) =>
        why == Refusal.CardNotRegistered ? ProblemKind.CardNotFound : new(RefusalText.Code(why), Status(why), RefusalText.Title(why));

    public static Problem From(Decision.Refused refused) => new(
        KindOf(refused.Why),
        $"{refused.Detail} {RefusalText.Cure(refused.Why)}",
        [.. refused.Values.Select(v => new MemberError(v.Member, v.Code, $"{v.Message} {v.Cure}"))]);

    private static int Status(Refusal why) => why switch
    {
        Refusal.InvalidValues => StatusCodes.Status400BadRequest,
        Refusal.CardAlreadyRegistered or Refusal.LineAlreadyAttached or Refusal.OrderNumberTaken => StatusCodes.Status409Conflict,
        _ => StatusCodes.Status422UnprocessableEntity,
    };
}
