using NodaTime;
using SimLedger.Cards;
using SimLedger.Ledger;
using SimLedger.Server.RulesInForce;

namespace SimLedger.Server.DueList;

/// <summary>The view behind the due list: table card_standing, one row a line, and line_facets beside it, written in the commit of the card's facts.</summary>
public static class CardStandingView
{
    public const string Name = "card_standing";

    /// <summary>
    /// An older answer never overwrites a newer one: newer facts first, then newer rules. Written in one order, so that appends and
    /// reappraisals that meet on rows wait for each other and never in a circle.
    /// </summary>
    private const string UpsertSql = """
        insert into card_standing (
            tenant_id, line_id, card_id, number, iccid, carrier, product, owner, zone, stage, band, due_on, rank, closed, ends_on, deadline_at, renew_by,
            prepare_from, clock, rule_version, confidence, own_rules, flags, ladder, next_change_at, holds_until, stream_version, rules_revision, tags, eid, retired,
            detached, notes_due)
        select a.tenant_id, r.line_id, r.card_id, r.number, r.iccid, r.carrier, r.product, r.owner, r.zone, r.stage, r.band, r.due_on, r.rank, r.closed, r.ends_on,
               r.deadline_at, r.renew_by, r.prepare_from, r.clock, r.rule_version, r.confidence, r.own_rules, r.flags, r.ladder, r.next_change_at, r.holds_until,
               r.stream_version, r.rules_revision, r.tags, r.eid, r.retired, r.detached, r.notes_due
        from json_to_recordset($3) as r (
            append int, tenant_id text, card_id uuid, line_id uuid, number text, iccid text, carrier text, product text, owner text, zone text, stage text, band smallint,
            due_on date, rank smallint, closed boolean, ends_on date, deadline_at timestamptz, renew_by date, prepare_from date, clock text, rule_version text,
            confidence text, own_rules boolean, flags text[], ladder jsonb, next_change_at timestamptz, holds_until timestamptz, stream_version int, rules_revision bigint,
            tags text[], eid text, retired boolean, detached boolean, notes_due boolean)
        join unnest($1::text[], $2::uuid[]) with ordinality as a (tenant_id, stream_id, n)
             on a.n = r.append and a.tenant_id = r.tenant_id and a.stream_id = r.card_id
        order by a.tenant_id, r.line_id
        on conflict on constraint card_standing_pkey do update set
            card_id = excluded.card_id, number = excluded.number, iccid = excluded.iccid, carrier = excluded.carrier, product = excluded.product,
            owner = excluded.owner, zone = excluded.zone, stage = excluded.stage, band = excluded.band, due_on = excluded.due_on, rank = excluded.rank,
            closed = excluded.closed, ends_on = excluded.ends_on, deadline_at = excluded.deadline_at, renew_by = excluded.renew_by,
            prepare_from = excluded.prepare_from, clock = excluded.clock, rule_version = excluded.rule_version, confidence = excluded.confidence, own_rules = excluded.own_rules,
            flags = excluded.flags, ladder = excluded.ladder, next_change_at = excluded.next_change_at, holds_until = excluded.holds_until,
            stream_version = excluded.stream_version, rules_revision = excluded.rules_revision, tags = excluded.tags, eid = excluded.eid,
            retired = excluded.retired, detached = excluded.detached, notes_due = excluded.notes_due
        where (card_standing.stream_version, card_standing.rules_revision) <= (excluded.stream_version, excluded.rules_revision)
        """;

    /// <summary>
    /// Makes line_facets say what card_standing says of these cards, whose rows the statement before has locked, those too that it left as they
    /// were. OFFSET 0 keeps the plan to a look into the key for each line: one made while the table was small would go through all of it for ever.
    /// </summary>
    private const string FacetsSql = """
        with line as materialized (
            select s.tenant_id, s.line_id, s.tags, s.flags, s.closed, s.band, s.due_on, s.rank
            from unnest($1::text[], $2::uuid[]) as a (tenant_id, card_id)
            cross join lateral (select * from card_standing c where c.tenant_id = a.tenant_id and c.card_id = a.card_id offset 0) s),
        gone as (
            delete from line_facets where ctid = any (array (
                select f.ctid from line l
                cross join lateral (select o.ctid, o.facet, o.value from line_facets o where o.tenant_id = l.tenant_id and o.line_id = l.line_id offset 0) f
                where f.value <> all (case f.facet when 'tag' then l.tags else l.flags end))))
        insert into line_facets (tenant_id, line_id, facet, value, closed, band, due_on, rank)
        select distinct l.tenant_id, l.line_id, f.facet, f.value, l.closed, l.band, l.due_on, l.rank
        from line l cross join lateral (select 'tag', unnest(l.tags) union all select 'flag', unnest(l.flags)) f (facet, value)
        order by l.tenant_id, l.line_id, f.facet, f.value
        on conflict on constraint line_facets_pkey do update set
            closed = excluded.closed, band = excluded.band, due_on = excluded.due_on, rank = excluded.rank
        where (line_facets.closed, line_facets.band, line_facets.due_on, line_facets.rank) is distinct from (excluded.closed, excluded.band, excluded.due_on, excluded.rank)
        """;

    public static readonly InlineView View = new(Name, UpsertSql, FacetsSql);

    /// <summary>The rows of all lines of a card as it stands after its newest facts.</summary>
    public static IReadOnlyList<StandingRow> Rows(Guid cardId, Card card, RulesAt rules, Instant now) =>
        [.. card.Lines.Select(line => StandingRow.Of(cardId, card, line, rules, now))];

    public static InlineRow ToInlineRow(StandingRow row, Instant now) => new(Name, json => row.WriteMembers(json, now));
}
