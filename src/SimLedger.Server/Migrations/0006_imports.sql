-- Files of imports and their reports, in chunks, so that any process can do the job and a restart loses nothing; and the way from an import to
-- the facts that it recorded, which undoing it needs.
-- Runs as simledger_owner. Locks: events against writes while the index is built: seconds for a million facts.
-- Undo: drop table import_files; drop index events_of_import.

create table import_files (
    tenant_id  text collate "C" not null,
    job_id     uuid        not null,
    kind       text        not null check (kind in ('file', 'report')),
    chunk      int         not null check (chunk >= 0),  -- 0, 1, 2 … without gaps
    bytes      bytea       not null,
    created_at timestamptz not null,
    constraint import_files_pkey primary key (tenant_id, job_id, kind, chunk)
);

alter table import_files enable row level security;
alter table import_files force row level security;
create policy tenants_at_hand on import_files
    using (tenant_id = any ((select string_to_array(nullif(current_setting('simledger.tenants', true), ''), ','))::text[]))
    with check (tenant_id = any ((select string_to_array(nullif(current_setting('simledger.tenants', true), ''), ','))::text[]));
create policy owner_sees_all on import_files to simledger_owner using (true) with check (true);
create policy verify_reads_all on import_files for select to simledger_verify, simledger_backup using (true);
grant select on import_files to simledger_app, simledger_worker, simledger_verify, simledger_backup;
grant insert, update, delete on import_files to simledger_app, simledger_worker;

-- Partial: facts of every day pay nothing for it.
create index events_of_import on events (tenant_id, causation_id, position) where origin like 'import:%';
