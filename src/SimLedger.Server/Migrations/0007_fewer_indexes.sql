-- Fewer indexes on card_standing: a line that is paid for moves in each of them, and they were two thirds of what writing its row cost. Live cards are found
-- by number, ICCID and EID through reservations, which name each one's holder already; only closed lines need an index of their own here. Lines that are
-- active are nearly all, and so are never gone through by stage. Rows under older rules are looked for once a revision, not kept in order of it.
-- And a mark that tells when rows were written that no fact goes with, so that a summary that is kept can know that it holds.
-- Why: docs/adr/0009-summaries-are-kept-while-they-hold.md
-- Runs as simledger_owner. Locks: card_standing exclusively while indexes are made (seconds a million lines), reservations while its key is made anew.
-- Undo: drop table standing_marks; make the dropped indexes anew as in 0002 and 0005; alter table reservations alter column value type text collate "default".

drop index card_standing_revision;
drop index card_standing_number;
drop index card_standing_iccid;
drop index card_standing_eid;
drop index card_standing_due_of_stage;
drop index card_standing_due_of_owner;

create index card_standing_due_of_owner on card_standing (tenant_id, owner, band, due_on, rank, line_id) where not closed;
create index card_standing_due_of_stage on card_standing (tenant_id, stage, band, due_on, rank, line_id) where not closed and stage <> 'active';
create index card_standing_closed_number on card_standing (tenant_id, number) where closed;
create index card_standing_closed_iccid on card_standing (tenant_id, iccid) where closed;
create index card_standing_closed_eid on card_standing (tenant_id, eid) where closed;

-- "C" orders as ranges of first characters need it.
alter table reservations alter column value type text collate "C";

-- One row an organisation, raised with every writing of rows that no append goes with: reappraisal, keeper, rebuild.
create table standing_marks (
    tenant_id text collate "C" not null,
    written   bigint not null check (written >= 0),
    constraint standing_marks_pkey primary key (tenant_id)
) with (fillfactor = 50);

alter table standing_marks enable row level security;
alter table standing_marks force row level security;
create policy tenants_at_hand on standing_marks
    using (tenant_id = any ((select string_to_array(nullif(current_setting('simledger.tenants', true), ''), ','))::text[]))
    with check (tenant_id = any ((select string_to_array(nullif(current_setting('simledger.tenants', true), ''), ','))::text[]));
create policy owner_sees_all on standing_marks to simledger_owner using (true) with check (true);
create policy verify_reads_all on standing_marks for select to simledger_verify, simledger_backup using (true);
grant select on standing_marks to simledger_app, simledger_worker, simledger_verify, simledger_backup;
grant insert, update, delete on standing_marks to simledger_app, simledger_worker;
