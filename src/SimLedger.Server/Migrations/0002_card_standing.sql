-- The view behind the due list: one row a line, written in the commit of the card's facts. Computed; it can be dropped and rebuilt.
-- Runs as simledger_owner. Locks: none (new table). Undo: drop table card_standing.

create table card_standing (
    tenant_id      text collate "C" not null,
    line_id        uuid        not null,
    card_id        uuid        not null,
    number         text collate "C",
    iccid          text collate "C",
    carrier        text collate "C",          -- code of the carrier's pack, else what was given
    product        text,
    owner          text,
    zone           text        not null,       -- IANA; all dates of the row are local to it
    stage          text        not null,
    band           smallint    not null check (band in (0, 1)),  -- 0: something to settle, listed first; 1: dated
    due_on         date        not null,       -- end date while active, end of the stage after; infinity where no end is known
    rank           smallint    not null check (rank between 0 and 2),  -- 0 critical, 1 high, 2 normal
    closed         boolean     not null,       -- lost or retired: listed only when asked for
    ends_on        date,
    deadline_at    timestamptz,
    renew_by       date,
    prepare_from   date,
    clock          text,
    rule_version   text,
    confidence     text,
    flags          text[]      not null,
    ladder         jsonb       not null,       -- [{stage, from, to, endsOn}] from the deadline on
    next_change_at timestamptz,                -- from then on the row is not what it says; null: never
    holds_until    timestamptz,                -- until then the ladder tells; after it the rules must be asked again; null: for ever
    stream_version int         not null,
    rules_revision bigint      not null,
    constraint card_standing_pkey primary key (tenant_id, line_id)
);

-- Ascending throughout: the page after a row is one range, (band, due_on, rank, line_id) > (…).
create index card_standing_due on card_standing (tenant_id, band, due_on, rank, line_id) where not closed;
create index card_standing_due_of_carrier on card_standing (tenant_id, carrier, band, due_on, rank, line_id) where not closed;
create index card_standing_due_of_stage on card_standing (tenant_id, stage, band, due_on, rank, line_id);
create index card_standing_changing on card_standing (tenant_id, next_change_at) where next_change_at is not null;
create index card_standing_of_card on card_standing (tenant_id, card_id);
create index card_standing_revision on card_standing (tenant_id, rules_revision);

alter table card_standing enable row level security;
alter table card_standing force row level security;
create policy tenants_at_hand on card_standing
    using (tenant_id = any ((select string_to_array(nullif(current_setting('simledger.tenants', true), ''), ','))::text[]))
    with check (tenant_id = any ((select string_to_array(nullif(current_setting('simledger.tenants', true), ''), ','))::text[]));
create policy owner_sees_all on card_standing to simledger_owner using (true) with check (true);
create policy verify_reads_all on card_standing for select to simledger_verify, simledger_backup using (true);
grant select on card_standing to simledger_app, simledger_worker, simledger_verify, simledger_backup;
grant insert, update, delete on card_standing to simledger_app, simledger_worker;
