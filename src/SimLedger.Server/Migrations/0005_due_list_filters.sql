-- The due list by tag, flag and owner, cards found by the first characters of a number, an ICCID, an EID or an owner, and what a line's end needs to be known.
-- Runs as simledger_owner. Locks: card_standing exclusively while its indexes are made (seconds a million lines); each head for an instant.
-- Rows from before have neither tags nor EID here: raising every rules revision leaves them behind, so that the job `reappraisal` of each organisation writes
-- them anew from their facts while the server runs; `rebuild` does it at once.
-- Undo: drop table line_facets; drop the indexes and columns; alter table card_standing alter column owner type text collate "default".

alter table card_standing
    alter column owner type text collate "C",
    add column tags      text[]  not null default '{}',
    add column eid       text collate "C",
    add column retired   boolean not null default false,  -- the card is out of use: closed
    add column detached  boolean not null default false,  -- the line is no longer on the card: closed
    add column notes_due boolean not null default false;  -- a lapse or loss is to be noted, or its note withdrawn

-- What a summary counts by is in the index, so that a million lines are counted without visiting them.
create index card_standing_due_of_owner on card_standing (tenant_id, owner, band, due_on, rank, line_id)
    include (carrier, product, stage, zone, renew_by, next_change_at) where not closed;
create index card_standing_closed on card_standing (tenant_id, band, due_on, rank, line_id) where closed;
create index card_standing_closed_of_owner on card_standing (tenant_id, owner) where closed;
create index card_standing_notes_due on card_standing (tenant_id, line_id) where notes_due;
-- By their first characters: >= and < under "C". LIKE would be asked of every row, since it may tell of rows behind the wall.
create index card_standing_number on card_standing (tenant_id, number) where number is not null;
create index card_standing_iccid on card_standing (tenant_id, iccid) where iccid is not null;
create index card_standing_eid on card_standing (tenant_id, eid) where eid is not null;

-- Tags and flags of lines, each with the line's place on the due list: the lines of a tag in order are one range. Why not a GIN index: it keeps no order.
-- Always what card_standing says, written in the same commit.
create table line_facets (
    tenant_id text collate "C" not null,
    line_id   uuid     not null,
    facet     text collate "C" not null check (facet in ('tag', 'flag')),
    value     text collate "C" not null,
    closed    boolean  not null,
    band      smallint not null,
    due_on    date     not null,
    rank      smallint not null,
    constraint line_facets_pkey primary key (tenant_id, line_id, facet, value)
);
create index line_facets_due on line_facets (tenant_id, facet, value, closed, band, due_on, rank, line_id);

alter table line_facets enable row level security;
alter table line_facets force row level security;
create policy tenants_at_hand on line_facets
    using (tenant_id = any ((select string_to_array(nullif(current_setting('simledger.tenants', true), ''), ','))::text[]))
    with check (tenant_id = any ((select string_to_array(nullif(current_setting('simledger.tenants', true), ''), ','))::text[]));
create policy owner_sees_all on line_facets to simledger_owner using (true) with check (true);
create policy verify_reads_all on line_facets for select to simledger_verify, simledger_backup using (true);
grant select on line_facets to simledger_app, simledger_worker, simledger_verify, simledger_backup;
grant insert, update, delete on line_facets to simledger_app, simledger_worker;

update tenant_heads set rules_revision = rules_revision + 1;
