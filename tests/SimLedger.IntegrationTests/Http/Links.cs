namespace SimLedger.IntegrationTests.Http;

internal static class Links
{
    /// <summary>Where the header Link says the next page is; null on the last page.</summary>
    public static string? Next(ApiAnswer page)
    {
        if (page.Header("Link") is not { } link) return null;
        Assert.Matches("^<[^>]+>; rel=\"next\"$", link);
        return link[1..link.IndexOf('>', StringComparison.Ordinal)];
    }
}
