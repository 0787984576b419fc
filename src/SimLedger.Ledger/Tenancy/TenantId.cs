using System.Buffers;
using System.Diagnostics.CodeAnalysis;

namespace SimLedger.Ledger.Tenancy;

/// <summary>An organisation: 1 to 40 lower-case letters, digits and hyphens. Comes from the credential, never from a request.</summary>
public readonly record struct TenantId
{
    /// <summary>Longest id, in characters. It leads every key of every table, so it is kept short.</summary>
    public const int MaxLength = 40;

    private static readonly SearchValues<char> Allowed = SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789-");

    private TenantId(string value) => Value = value;

    public string Value { get; }

    /// <summary>What all organisations share (published rule packs). No credential names it.</summary>
    public static readonly TenantId Shared = new("_");

    /// <summary>Reads an id as written by people or stored by us.</summary>
    /// <param name="problem">What is wrong and what would be right; null when it was read.</param>
    public static bool TryRead(string? text, out TenantId tenant, [NotNullWhen(false)] out string? problem)
    {
        tenant = default;
        problem = text switch
        {
            null or "" => "An organisation's name is missing. Give 1 to 40 lower-case letters, digits or hyphens.",
            { Length: > MaxLength } => $"The organisation's name is {text.Length} characters long, at most {MaxLength} are allowed.",
            _ when text.AsSpan().IndexOfAnyExcept(Allowed) is var at and >= 0 =>
                $"The organisation's name has '{text[at]}' at character {at + 1}. Only lower-case letters, digits and hyphens are allowed.",
            _ => null,
        };
        if (problem is null) tenant = new TenantId(text!);
        return problem is null;
    }

    /// <summary>For ids that are known to be well formed: stored ones and constants.</summary>
    /// <exception cref="ArgumentException">It is not well formed: a bug.</exception>
    public static TenantId Of(string text) =>
        text == Shared.Value ? Shared : TryRead(text, out var tenant, out var problem) ? tenant : throw new ArgumentException(problem, nameof(text));

    public override string ToString() => Value;
}
