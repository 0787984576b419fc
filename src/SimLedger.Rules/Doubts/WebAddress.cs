using SimLedger.Rules.Reading;

namespace SimLedger.Rules.Doubts;

/// <summary>Addresses of the web.</summary>
internal static class WebAddress
{
    /// <summary>Where people go with a number and often a payment in hand: https, nothing else.</summary>
    public static void FindUnsafe(string? url, string path, FindingList findings)
    {
        if (url is null || SchemeOf(url) == Uri.UriSchemeHttps) return;

        findings.Warning(path, $"\"{Shown(url)}\" is no address that starts with https.", "Write the whole address: \"https://...\".");
    }

    /// <summary>Where somebody once read a rule; there are pages that have no https.</summary>
    public static void FindNone(string? url, string path, FindingList findings)
    {
        if (url is null || SchemeOf(url) is "https" or "http") return;

        findings.Warning(path, $"\"{Shown(url)}\" is no address of the web.", "Write the whole address: \"https://...\".");
    }

    private static string? SchemeOf(string url) => Uri.TryCreate(url, UriKind.Absolute, out var address) ? address.Scheme : null;

    private static string Shown(string url) => url.Length <= 60 ? url : url[..60] + "...";
}
