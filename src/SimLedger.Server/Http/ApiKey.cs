using System.Buffers;
using System.Security.Cryptography;
using System.Text;

namespace SimLedger.Server.Http;

/// <summary>
/// The key of an API client: <c>slk_live_</c>, 30 random base62 characters (178 bits), 6 of the CRC-32 over all before them.
/// Shown once; stored as SHA-256. The checksum lets a mistyped key be told from a revoked one, and scanners find leaked keys.
/// </summary>
public static class ApiKey
{
    public const string Prefix = "slk_live_";
    public const int RandomLength = 30;
    public const int ChecksumLength = 6;
    private const string Base62 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

    private static readonly SearchValues<char> Characters = SearchValues.Create(Base62);

    public static string New()
    {
        var body = Prefix + RandomNumberGenerator.GetString(Base62, RandomLength);
        return body + Checksum(body);
    }

    /// <summary>Prefix, length, alphabet and checksum fit; says nothing of whether the key exists.</summary>
    public static bool IsWellFormed(string key) =>
        key.Length == Prefix.Length + RandomLength + ChecksumLength
        && key.StartsWith(Prefix, StringComparison.Ordinal)
        && key.AsSpan(Prefix.Length).IndexOfAnyExcept(Characters) < 0
        && key.AsSpan(^ChecksumLength..).SequenceEqual(Checksum(key[..^ChecksumLength]));

    /// <summary>What is stored of a key. A plain hash serves: the key is random, there is nothing to guess.</summary>
    public static byte[] Hash(string key) => SHA256.HashData(Encoding.ASCII.GetBytes(key));

    private static string Checksum(string body)
    {
        var rest = Crc32(Encoding.ASCII.GetBytes(body));
        Span<char> digits = stackalloc char[ChecksumLength];
        for (var i = ChecksumLength - 1; i >= 0; i--)
        {
            digits[i] = Base62[(int)(rest % 62)];
            rest /= 62;
        }
        return new string(digits);
    }

    /// <summary>CRC-32 as in ISO-HDLC (zip, PNG): reflected, polynomial 0xEDB88320. Forty bytes a key: no table needed.</summary>
    private static uint Crc32(ReadOnlySpan<byte> bytes)
    {
        var crc = 0xFFFFFFFFu;
        foreach (var value in bytes)
        {
            crc ^= value;
            for (var bit = 0; bit < 8; bit++) crc = (crc & 1) == 0 ? crc >> 1 : (crc >> 1) ^ 0xEDB88320u;
        }
        return ~crc;
    }
}
