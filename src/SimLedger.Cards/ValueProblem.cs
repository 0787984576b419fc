namespace SimLedger.Cards;

/// <summary>Why a value cannot be taken, in words for whoever sent it. The value itself is not repeated: it may be personal.</summary>
/// <param name="Code">Kebab-case, part of the API contract.</param>
/// <param name="Message">What is wrong, one sentence.</param>
/// <param name="Cure">What to send instead, one sentence.</param>
/// <param name="Member">JSON pointer (RFC 6901) to the member of the command, as in "/lines/0/number"; empty where a value was checked by itself.</param>
public sealed record ValueProblem(ValueCode Code, string Message, string Cure, string Member = "");
