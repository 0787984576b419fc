using SimLedger.Ledger;
using SimLedger.Ledger.Tenancy;
using SimLedger.Rules;

namespace SimLedger.Server.RulesInForce;

/// <summary>An organisation's rules as they are and as a change would make them.</summary>
/// <param name="Problem">What the change would do to the names of carriers that it must not; null: it can be published.</param>
public sealed record ProposedRules(RulesAt Now, RulesAt Then, string? Problem);

/// <summary>Puts a change to the rules in force, without publishing it.</summary>
public sealed class RuleProposals(PublishedPacks published, RuleBook book)
{
    /// <param name="change">A pack that was read without error, or a withdrawal.</param>
    /// <param name="own">The organisation's own; else the pack shared by all.</param>
    public async Task<ProposedRules> Of(TenantId tenant, PackChange change, bool own, CancellationToken cancel)
    {
        var now = await book.Newest(tenant, cancel);
        // Without its own pack the organisation stands under the shared one.
        var others = (await published.InForce(tenant, own ? change.Code : null, cancel)).Packs
            .Where(p => p.Revision.Code != change.Code || p.Revision.Own || (own && change.Body is null)).ToList();
        if (change.Body is { } body && (own || !others.Exists(p => p.Revision.Code == change.Code)))
        {
            others.Add(new PublishedPack(new PackRevision(change.Code, own, now.Revision + 1, default, false, default, "proposed"), body));
        }

        var then = PacksTogether.Of([.. others.Select(p => (p.Revision, RulePackReader.Read(p.Body, p.Revision.Code)))]);
        var worse = then.Published.FirstOrDefault(p => p.Problem is not null && now.Published.FirstOrDefault(n => n.Revision.Code == p.Revision.Code)?.Problem != p.Problem);
        return new ProposedRules(now, then with { Revision = now.Revision }, worse is null ? null : $"{worse.Revision.Code}: {worse.Problem}");
    }
}
