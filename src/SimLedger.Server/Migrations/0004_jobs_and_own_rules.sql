-- Long work of an organisation as rows, so that it survives a restart and is never done twice at once; and a mark on standings that an
-- organisation's own rule pack gave. Why so: docs/adr/0008-jobs-as-rows.md
-- Runs as simledger_owner. Locks: card_standing exclusively for an instant (a column with a constant default rewrites nothing).
-- Undo: drop function tenants_with_open_jobs; drop table jobs; alter table card_standing drop column own_rules.

alter table card_standing add column own_rules boolean not null default false;

create table jobs (
    tenant_id   text collate "C" not null,
    job_id      uuid        not null,
    kind        text        not null,
    subject     text        not null,            -- what it is about; of one kind and subject at most one is open
    state       text        not null check (state in ('queued', 'running', 'succeeded', 'failed', 'cancelled')),
    done        bigint      not null default 0 check (done >= 0),
    total       bigint      check (total >= 0),  -- null: not counted yet
    failed      bigint      not null default 0 check (failed >= 0),
    request     json        not null,
    result      json,
    problem     text,                            -- why it failed, for people
    actor       text        not null,
    created_at  timestamptz not null,
    started_at  timestamptz,
    finished_at timestamptz,
    runner      uuid,                            -- while running: the attempt that has it; what another attempt writes is refused
    lease_until timestamptz,                     -- renewed by the runner; once past, another may go on with it
    cancelling  boolean     not null default false,
    constraint jobs_pkey primary key (tenant_id, job_id),
    constraint jobs_finished check ((finished_at is not null) = (state in ('succeeded', 'failed', 'cancelled')))
);
create unique index jobs_open_once on jobs (tenant_id, kind, subject) where finished_at is null;
create index jobs_open on jobs (tenant_id, created_at) where finished_at is null;
create index jobs_finished_at on jobs (tenant_id, finished_at) where finished_at is not null;

alter table jobs enable row level security;
alter table jobs force row level security;
create policy tenants_at_hand on jobs
    using (tenant_id = any ((select string_to_array(nullif(current_setting('simledger.tenants', true), ''), ','))::text[]))
    with check (tenant_id = any ((select string_to_array(nullif(current_setting('simledger.tenants', true), ''), ','))::text[]));
create policy owner_sees_all on jobs to simledger_owner using (true) with check (true);
create policy verify_reads_all on jobs for select to simledger_verify, simledger_backup using (true);
grant select on jobs to simledger_app, simledger_worker, simledger_verify, simledger_backup;
grant insert, update, delete on jobs to simledger_app, simledger_worker;

-- Which organisations have work waiting? Ids only, like tenant_ids(): asked every few seconds, where visiting each would be thousands of reads.
create function tenants_with_open_jobs() returns setof text
    language sql stable security definer set search_path = pg_catalog, public
    as $$ select distinct j.tenant_id from public.jobs j where j.finished_at is null order by j.tenant_id $$;
revoke execute on function tenants_with_open_jobs() from public;
grant execute on function tenants_with_open_jobs() to simledger_app, simledger_worker;
