using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace SimLedger.Server.Http;

/// <summary>Where the next page of a list begins: opaque to the client, signed, and bound to the organisation, the list and its filters.</summary>
/// <remarks>Format: base64url of an HMAC-SHA-256 (16 bytes) and the text of the place. What it is bound to is covered by the signature and not carried.</remarks>
public static class Cursor
{
    private const int SignatureBytes = 16;

    /// <param name="binding">List and filters in one canonical text. The organisation is bound by its secret.</param>
    public static string Write(ReadOnlySpan<byte> secret, string binding, string place)
    {
        var text = Encoding.UTF8.GetBytes(place);
        return Base64Url.EncodeToString([.. Signature(secret, binding, text), .. text]);
    }

    /// <returns>The place, or null when the cursor was altered or belongs to another list.</returns>
    public static string? Read(ReadOnlySpan<byte> secret, string binding, string cursor)
    {
        if (cursor.Length > 1000 || !Base64Url.IsValid(cursor)) return null;
        var bytes = Base64Url.DecodeFromChars(cursor);
        if (bytes.Length <= SignatureBytes) return null;
        var text = bytes.AsSpan(SignatureBytes);
        return CryptographicOperations.FixedTimeEquals(bytes.AsSpan(0, SignatureBytes), Signature(secret, binding, text)) ? Encoding.UTF8.GetString(text) : null;
    }

    private static byte[] Signature(ReadOnlySpan<byte> secret, string binding, ReadOnlySpan<byte> place) =>
        HMACSHA256.HashData(secret, [.. Encoding.UTF8.GetBytes(binding), 0, .. place])[..SignatureBytes];
}
