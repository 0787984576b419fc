using System.Globalization;
using System.Text;

namespace SimLedger.IntegrationTests.Http.Hostile;

/// <summary>What attackers, broken exports and careless programs send.</summary>
internal static class HostileText
{
    /// <summary>Text that is odd, but text: where free text is taken, each of these must be taken and come back as it was sent.</summary>
    public static readonly IReadOnlyList<string> Legal =
    [
        "'; drop table events; --", "\" or 1=1; --", "${jndi:ldap://x/a}", "{{7*7}}", "<script>alert(1)</script>", "]]><!--", "=HYPERLINK(\"http://x\")", "+1+1", "@SUM(A1)", "../../etc/passwd",
        "..\\..\\win.ini", "%00", "%n%s", "\\u0000", "null", "undefined", "NaN", "Infinity", "true", "-0", "0x10", "1e400", "\u202Egnp.exe\u202C", "a\u200Bb\u200D\u2060c", "\uFEFFmark", "👩‍👩‍👧‍👦🇵🇭",
        "Z\u0351\u0348a\u0337\u0321l\u0300g\u0301o\u0322", "مرحبا‎ بالعالم", "ﷺ", "\u2028\u2029", "a\r\nb\tc", "\u0001\u001b[31m\u007f", "\uFFFF\uFFFE", "e\u0301 \u00e9", "ı İ ß ﬃ", "/../", "~0~1",
    ];

    /// <summary>Blank, too long, or like a value of another kind.</summary>
    public static readonly IReadOnlyList<string> Odd =
    [
        "", " ", "\t\r\n", "\u3000\u00a0", "0000-00-00", "2026-02-30", "9999-12-31", "9998-12-31", "10000-01-01", "-0001-01-01", "2026-1-1", "2026-11-21T24:00:00Z", "2026-11-21T10:00:00", "2026-11-21T10:00:00+19:00",
        "9999-12-31T23:59:59.999999999Z", "0001-01-01T00:00:00+18:00", "9223372036854775808", "-1", "1.5", "1,5", "１２", "--1", "1e3", "99999999999999999999999999999", "0.0000000000000000001", "PHP ", "php", "€", "ZZZ",
        "00000000-0000-0000-0000-000000000000", "0193d7c48a0070008000000000000001", "{0193d7c4-8a00-7000-8000-000000000001}", "0193d7c4-8a00-7000-8000-000000000001", "+", "+0000000000", "89", "\0", "a\0b", Long(70), Long(300), Long(6000),
    ];

    /// <summary>Values of JSON beside texts, as they are written; among them texts that JSON can write and nothing can hold.</summary>
    public static readonly IReadOnlyList<string> Raw =
    [
        "\"\\ud800\"", "\"\\udc00x\"", "\"a\\ud83d\"", "\"\\u0000\"", "null", "true", "false", "0", "-0", "-1", "1.5", "1e400", "-1e400", "1e-400", "9223372036854775807", "9223372036854775808", "123456789012345678901234567890",
        "{}", "[]", "[null]", "[[]]", "[\"\"]", "[\"x\",{}]", "{\"a\":1}", "{\"\":{}}", "{\"n\":1,\"n\":2}", "{\"__proto__\":{\"admin\":true}}", "{\"amount\":\"1\",\"currency\":\"PHP\",\"amount\":\"2\"}", Many(1001), Nested(7), Nested(1000),
    ];

    /// <summary>Bodies that are none, whatever the address.</summary>
    public static IEnumerable<byte[]> Bodies(string valid)
    {
        var utf8 = Encoding.UTF8.GetBytes(valid);
        string[] texts =
        [
            "", " ", "\0", "null", "\"x\"", "1", "1e400", "NaN", "[]", "[{}]", $"[{valid}]", "{", "}", "{]", "{\"a\"}", "{a:1}", "{'a':1}", $"{valid}{{}}", $"{valid}x", $"{valid}\0", $"{valid}//", $"/**/{valid}", valid[..^1] + ",}", $"\u00a0{valid}",
            "{\"a\":01}", "{\"a\":1.}", "{\"a\":\"\t\"}", "{\"a\":\"\\x\"}", "{\"a\":\"\\u12\"}", Nested(1000), $"{{\"a\":{Nested(1000)}}}", $"{{\"{new string('k', 60_000)}\":1}}", $"{{{string.Join(',', Enumerable.Range(0, 5000).Select(i => $"\"m{i}\":1"))}}}",
            "{\"'; drop table events; --\":1}", "{\"<script>\":1}", "{\"\\u0000\":1}", "{\"\\ud800\":1}", "{\"__proto__\":1,\"constructor\":2}", "<?xml version=\"1.0\"?><!DOCTYPE a [<!ENTITY b SYSTEM \"file:///etc/passwd\">]><a>&b;</a>", "a=1&b=2",
        ];
        byte[][] bytes =
        [
            [0xEF, 0xBB, 0xBF, .. utf8], [0xFF, 0xFE, .. Encoding.Unicode.GetBytes(valid)], Encoding.UTF32.GetBytes(valid), [.. "{\""u8, 0xFF, .. "\":1}"u8], [.. "{\"a\":\""u8, 0xC0, 0xAF, .. "\"}"u8],
            [.. "{\"a\":\""u8, 0xED, 0xA0, 0x80, .. "\"}"u8], [.. "{\"a\":\""u8, 0xF4, 0x90, 0x80, 0x80, .. "\"}"u8], [.. "{\"a\":\""u8, 0xE4, 0xB8, .. "\"}"u8], [0x1F, 0x8B, 8, 0, 0, 0, 0, 0], [.. "{\"a\":\""u8, 0, .. "\"}"u8],
        ];
        return texts.Select(Encoding.UTF8.GetBytes).Concat(bytes);
    }

    /// <summary>As they stand in an address: percent-encoded, rightly or not.</summary>
    public static readonly IReadOnlyList<string> InAddresses =
    [
        .. Legal.Concat(Odd.Where(text => text.Length < 400)).Select(Uri.EscapeDataString), "%00", "%0", "%", "%zz", "%ff", "%C0%AF", "%ED%A0%80", "%u0000", "%2e%2e%2f", "%252e%252e%252f", "+", "a%2Cb", ",", ",,", "a%5C", "%5C%2C", "%0d%0aSet-Cookie:x", "1%202", "[]", "true,false",
        new string('x', 1001), string.Join(',', Enumerable.Range(0, 60)), new string('9', 400),
    ];

    /// <summary>As they stand in headers: each char a byte.</summary>
    public static readonly IReadOnlyList<string> InHeaders =
    [
        .. Legal.Concat(Odd.Where(text => text.Length < 400)).Where(text => !text.Any(char.IsControl)).Select(text => Encoding.Latin1.GetString(Encoding.UTF8.GetBytes(text))), "\u00ff\u00fe", "\u00c0\u00af", "\u00ed\u00a0\u0080", "\"", "\"\"", "\"a",
        "\"7", "\"-1\"", "\"9223372036854775808\"", "W/\"1\"", "\"1\", \"2\"", "*", "*, \"1\"", "%ed%a0%80", "%00", "%0d%0a", "%E4%BD", "%", ";q=", "en;q=2", "en;q=0.0001, zh;q=x", ",,,", "*;q=0", "text/html", "application/json; charset=utf-16", "gzip",
        "00-00000000000000000000000000000000-0000000000000000-00", "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-zz", new string('x', 255), new string('x', 256), new string('x', 5000), new string('x', 33_000),
    ];

    /// <summary>So many characters of three bytes each.</summary>
    private static string Long(int characters) => new('长', characters);

    private static string Many(int items) => $"[{string.Join(',', Enumerable.Range(0, items).Select(i => i.ToString(CultureInfo.InvariantCulture)).Select(i => $"\"{i}\""))}]";

    private static string Nested(int levels) => new string('[', levels) + new string(']', levels);
}
