-- The schema as all migrations together leave it. Made from the catalogue, never edited; the same on every PostgreSQL that is supported.
-- After a new migration: SIMLEDGER_WRITE_SCHEMA=1 dotnet test tests/SimLedger.IntegrationTests --filter SchemaFile
-- For reading: a database is made by the `migrate` verb.

create table card_standing (
    tenant_id text collate "C" not null,
    line_id uuid not null,
    card_id uuid not null,
    number text collate "C",
    iccid text collate "C",
    carrier text collate "C",
    product text,
    owner text collate "C",
    zone text not null,
    stage text not null,
    band smallint not null,
    due_on date not null,
    rank smallint not null,
    closed boolean not null,
    ends_on date,
    deadline_at timestamp with time zone,
    renew_by date,
    prepare_from date,
    clock text,
    rule_version text,
    confidence text,
    flags text[] not null,
    ladder jsonb not null,
    next_change_at timestamp with time zone,
    holds_until timestamp with time zone,
    stream_version integer not null,
    rules_revision bigint not null,
    own_rules boolean default false not null,
    tags text[] default '{}'::text[] not null,
    eid text collate "C",
    retired boolean default false not null,
    detached boolean default false not null,
    notes_due boolean default false not null,
    constraint card_standing_pkey PRIMARY KEY (tenant_id, line_id),
    constraint card_standing_band_check CHECK ((band = ANY (ARRAY[0, 1]))),
    constraint card_standing_rank_check CHECK (((rank >= 0) AND (rank <= 2)))
);
CREATE INDEX card_standing_changing ON public.card_standing USING btree (tenant_id, next_change_at) WHERE (next_change_at IS NOT NULL);
CREATE INDEX card_standing_closed ON public.card_standing USING btree (tenant_id, band, due_on, rank, line_id) WHERE closed;
CREATE INDEX card_standing_closed_eid ON public.card_standing USING btree (tenant_id, eid) WHERE closed;
CREATE INDEX card_standing_closed_iccid ON public.card_standing USING btree (tenant_id, iccid) WHERE closed;
CREATE INDEX card_standing_closed_number ON public.card_standing USING btree (tenant_id, number) WHERE closed;
CREATE INDEX card_standing_closed_of_owner ON public.card_standing USING btree (tenant_id, owner) WHERE closed;
CREATE INDEX card_standing_due ON public.card_standing USING btree (tenant_id, band, due_on, rank, line_id) WHERE (NOT closed);
CREATE INDEX card_standing_due_of_carrier ON public.card_standing USING btree (tenant_id, carrier, band, due_on, rank, line_id) WHERE (NOT closed);
CREATE INDEX card_standing_due_of_owner ON public.card_standing USING btree (tenant_id, owner, band, due_on, rank, line_id) WHERE (NOT closed);
CREATE INDEX card_standing_due_of_stage ON public.card_standing USING btree (tenant_id, stage, band, due_on, rank, line_id) WHERE ((NOT closed) AND (stage <> 'active'::text));
CREATE INDEX card_standing_notes_due ON public.card_standing USING btree (tenant_id, line_id) WHERE notes_due;
CREATE INDEX card_standing_of_card ON public.card_standing USING btree (tenant_id, card_id);
alter table card_standing enable row level security;
alter table card_standing force row level security;
alter table card_standing alter column tenant_id set (n_distinct=1);
create policy owner_sees_all on card_standing as permissive for all to simledger_owner
    using (true)
    with check (true);
create policy tenants_at_hand on card_standing as permissive for all to public
    using ((tenant_id = ANY (( SELECT string_to_array(NULLIF(current_setting('simledger.tenants'::text, true), ''::text), ','::text) AS string_to_array)::text[])))
    with check ((tenant_id = ANY (( SELECT string_to_array(NULLIF(current_setting('simledger.tenants'::text, true), ''::text), ','::text) AS string_to_array)::text[])));
create policy verify_reads_all on card_standing as permissive for select to simledger_backup, simledger_verify
    using (true);
grant delete, insert, select, update on card_standing to simledger_app;
grant select on card_standing to simledger_backup;
grant select on card_standing to simledger_verify;
grant delete, insert, select, update on card_standing to simledger_worker;

create table credentials (
    key_hash bytea not null,
    tenant_id text collate "C" not null,
    credential_id uuid not null,
    name text not null,
    scopes text[] not null,
    created_at timestamp with time zone not null,
    revoked_at timestamp with time zone,
    constraint credentials_pkey PRIMARY KEY (key_hash),
    constraint credentials_key_hash_check CHECK ((octet_length(key_hash) = 32)),
    constraint credentials_id UNIQUE (tenant_id, credential_id)
);
alter table credentials enable row level security;
alter table credentials force row level security;
alter table credentials alter column tenant_id set (n_distinct=1);
create policy owner_sees_all on credentials as permissive for all to simledger_owner
    using (true)
    with check (true);
create policy tenants_at_hand on credentials as permissive for all to public
    using ((tenant_id = ANY (( SELECT string_to_array(NULLIF(current_setting('simledger.tenants'::text, true), ''::text), ','::text) AS string_to_array)::text[])))
    with check ((tenant_id = ANY (( SELECT string_to_array(NULLIF(current_setting('simledger.tenants'::text, true), ''::text), ','::text) AS string_to_array)::text[])));
create policy verify_reads_all on credentials as permissive for select to simledger_backup, simledger_verify
    using (true);
grant insert, select, update (revoked_at) on credentials to simledger_app;
grant select on credentials to simledger_backup;
grant select on credentials to simledger_verify;
grant select on credentials to simledger_worker;

create table events (
    tenant_id text collate "C" not null,
    "position" bigint not null,
    stream_id uuid not null,
    version integer not null,
    event_id uuid not null,
    type text not null,
    data json,
    salt bytea,
    digest bytea not null,
    recorded_at timestamp with time zone not null,
    actor text not null,
    origin text not null,
    correlation_id text,
    causation_id text,
    reason text,
    constraint events_in_order PRIMARY KEY (tenant_id, "position"),
    constraint events_digest_check CHECK ((octet_length(digest) = 32)),
    constraint events_erased_with_salt CHECK (((data IS NULL) = (salt IS NULL))),
    constraint events_position_check CHECK (("position" >= 1)),
    constraint events_version_check CHECK ((version >= 1)),
    constraint events_version_taken UNIQUE (tenant_id, stream_id, version)
);
CREATE INDEX events_of_import ON public.events USING btree (tenant_id, causation_id, "position") WHERE (origin ~~ 'import:%'::text);
alter table events enable row level security;
alter table events force row level security;
alter table events alter column tenant_id set (n_distinct=1);
create policy owner_sees_all on events as permissive for all to simledger_owner
    using (true)
    with check (true);
create policy tenants_at_hand on events as permissive for all to public
    using ((tenant_id = ANY (( SELECT string_to_array(NULLIF(current_setting('simledger.tenants'::text, true), ''::text), ','::text) AS string_to_array)::text[])))
    with check ((tenant_id = ANY (( SELECT string_to_array(NULLIF(current_setting('simledger.tenants'::text, true), ''::text), ','::text) AS string_to_array)::text[])));
create policy verify_reads_all on events as permissive for select to simledger_backup, simledger_verify
    using (true);
grant insert, select on events to simledger_app;
grant select on events to simledger_backup;
grant select on events to simledger_verify;
grant insert, select on events to simledger_worker;

create table idempotency (
    tenant_id text collate "C" not null,
    key text not null,
    request_hash bytea not null,
    result json not null,
    "position" bigint not null,
    expires_at timestamp with time zone not null,
    constraint idempotency_pkey PRIMARY KEY (tenant_id, key)
);
CREATE INDEX idempotency_expiry ON public.idempotency USING btree (tenant_id, expires_at) WHERE (expires_at IS NOT NULL);
alter table idempotency enable row level security;
alter table idempotency force row level security;
alter table idempotency alter column tenant_id set (n_distinct=1);
create policy owner_sees_all on idempotency as permissive for all to simledger_owner
    using (true)
    with check (true);
create policy tenants_at_hand on idempotency as permissive for all to public
    using ((tenant_id = ANY (( SELECT string_to_array(NULLIF(current_setting('simledger.tenants'::text, true), ''::text), ','::text) AS string_to_array)::text[])))
    with check ((tenant_id = ANY (( SELECT string_to_array(NULLIF(current_setting('simledger.tenants'::text, true), ''::text), ','::text) AS string_to_array)::text[])));
create policy verify_reads_all on idempotency as permissive for select to simledger_backup, simledger_verify
    using (true);
grant delete, insert, select, update on idempotency to simledger_app;
grant select on idempotency to simledger_backup;
grant select on idempotency to simledger_verify;
grant delete, insert, select, update on idempotency to simledger_worker;

create table import_files (
    tenant_id text collate "C" not null,
    job_id uuid not null,
    kind text not null,
    chunk integer not null,
    bytes bytea not null,
    created_at timestamp with time zone not null,
    constraint import_files_pkey PRIMARY KEY (tenant_id, job_id, kind, chunk),
    constraint import_files_chunk_check CHECK ((chunk >= 0)),
    constraint import_files_kind_check CHECK ((kind = ANY (ARRAY['file'::text, 'report'::text])))
);
alter table import_files enable row level security;
alter table import_files force row level security;
alter table import_files alter column tenant_id set (n_distinct=1);
create policy owner_sees_all on import_files as permissive for all to simledger_owner
    using (true)
    with check (true);
create policy tenants_at_hand on import_files as permissive for all to public
    using ((tenant_id = ANY (( SELECT string_to_array(NULLIF(current_setting('simledger.tenants'::text, true), ''::text), ','::text) AS string_to_array)::text[])))
    with check ((tenant_id = ANY (( SELECT string_to_array(NULLIF(current_setting('simledger.tenants'::text, true), ''::text), ','::text) AS string_to_array)::text[])));
create policy verify_reads_all on import_files as permissive for select to simledger_backup, simledger_verify
    using (true);
grant delete, insert, select, update on import_files to simledger_app;
grant select on import_files to simledger_backup;
grant select on import_files to simledger_verify;
grant delete, insert, select, update on import_files to simledger_worker;

create table jobs (
    tenant_id text collate "C" not null,
    job_id uuid not null,
    kind text not null,
    subject text not null,
    state text not null,
    done bigint default 0 not null,
    total bigint,
    failed bigint default 0 not null,
    request json not null,
    result json,
    problem text,
    actor text not null,
    created_at timestamp with time zone not null,
    started_at timestamp with time zone,
    finished_at timestamp with time zone,
    runner uuid,
    lease_until timestamp with time zone,
    cancelling boolean default false not null,
    constraint jobs_pkey PRIMARY KEY (tenant_id, job_id),
    constraint jobs_done_check CHECK ((done >= 0)),
    constraint jobs_failed_check CHECK ((failed >= 0)),
    constraint jobs_finished CHECK (((finished_at IS NOT NULL) = (state = ANY (ARRAY['succeeded'::text, 'failed'::text, 'cancelled'::text])))),
    constraint jobs_state_check CHECK ((state = ANY (ARRAY['queued'::text, 'running'::text, 'succeeded'::text, 'failed'::text, 'cancelled'::text]))),
    constraint jobs_total_check CHECK ((total >= 0))
);
CREATE INDEX jobs_finished_at ON public.jobs USING btree (tenant_id, finished_at) WHERE (finished_at IS NOT NULL);
CREATE INDEX jobs_open ON public.jobs USING btree (tenant_id, created_at) WHERE (finished_at IS NULL);
CREATE UNIQUE INDEX jobs_open_once ON public.jobs USING btree (tenant_id, kind, subject) WHERE (finished_at IS NULL);
alter table jobs enable row level security;
alter table jobs force row level security;
alter table jobs alter column tenant_id set (n_distinct=1);
create policy owner_sees_all on jobs as permissive for all to simledger_owner
    using (true)
    with check (true);
create policy tenants_at_hand on jobs as permissive for all to public
    using ((tenant_id = ANY (( SELECT string_to_array(NULLIF(current_setting('simledger.tenants'::text, true), ''::text), ','::text) AS string_to_array)::text[])))
    with check ((tenant_id = ANY (( SELECT string_to_array(NULLIF(current_setting('simledger.tenants'::text, true), ''::text), ','::text) AS string_to_array)::text[])));
create policy verify_reads_all on jobs as permissive for select to simledger_backup, simledger_verify
    using (true);
grant delete, insert, select, update on jobs to simledger_app;
grant select on jobs to simledger_backup;
grant select on jobs to simledger_verify;
grant delete, insert, select, update on jobs to simledger_worker;

create table line_facets (
    tenant_id text collate "C" not null,
    line_id uuid not null,
    facet text collate "C" not null,
    value text collate "C" not null,
    closed boolean not null,
    band smallint not null,
    due_on date not null,
    rank smallint not null,
    constraint line_facets_pkey PRIMARY KEY (tenant_id, line_id, facet, value),
    constraint line_facets_facet_check CHECK ((facet = ANY (ARRAY['tag'::text, 'flag'::text])))
);
CREATE INDEX line_facets_due ON public.line_facets USING btree (tenant_id, facet, value, closed, band, due_on, rank, line_id);
alter table line_facets enable row level security;
alter table line_facets force row level security;
alter table line_facets alter column tenant_id set (n_distinct=1);
create policy owner_sees_all on line_facets as permissive for all to simledger_owner
    using (true)
    with check (true);
create policy tenants_at_hand on line_facets as permissive for all to public
    using ((tenant_id = ANY (( SELECT string_to_array(NULLIF(current_setting('simledger.tenants'::text, true), ''::text), ','::text) AS string_to_array)::text[])))
    with check ((tenant_id = ANY (( SELECT string_to_array(NULLIF(current_setting('simledger.tenants'::text, true), ''::text), ','::text) AS string_to_array)::text[])));
create policy verify_reads_all on line_facets as permissive for select to simledger_backup, simledger_verify
    using (true);
grant delete, insert, select, update on line_facets to simledger_app;
grant select on line_facets to simledger_backup;
grant select on line_facets to simledger_verify;
grant delete, insert, select, update on line_facets to simledger_worker;

create table reservations (
    tenant_id text collate "C" not null,
    kind text not null,
    value text collate "C" not null,
    stream_id uuid not null,
    constraint reservations_pkey PRIMARY KEY (tenant_id, kind, value)
);
alter table reservations enable row level security;
alter table reservations force row level security;
alter table reservations alter column tenant_id set (n_distinct=1);
create policy owner_sees_all on reservations as permissive for all to simledger_owner
    using (true)
    with check (true);
create policy tenants_at_hand on reservations as permissive for all to public
    using ((tenant_id = ANY (( SELECT string_to_array(NULLIF(current_setting('simledger.tenants'::text, true), ''::text), ','::text) AS string_to_array)::text[])))
    with check ((tenant_id = ANY (( SELECT string_to_array(NULLIF(current_setting('simledger.tenants'::text, true), ''::text), ','::text) AS string_to_array)::text[])));
create policy verify_reads_all on reservations as permissive for select to simledger_backup, simledger_verify
    using (true);
grant delete, insert, select on reservations to simledger_app;
grant select on reservations to simledger_backup;
grant select on reservations to simledger_verify;
grant delete, insert, select on reservations to simledger_worker;

create table rule_packs (
    tenant_id text collate "C" not null,
    code text not null,
    revision bigint not null,
    hash bytea not null,
    body bytea not null,
    published_at timestamp with time zone not null,
    actor text not null,
    withdrawn boolean default false not null,
    constraint rule_packs_pkey PRIMARY KEY (tenant_id, code, revision),
    constraint rule_packs_hash_check CHECK ((octet_length(hash) = 32)),
    constraint rule_packs_revision_check CHECK ((revision >= 1)),
    constraint rule_packs_withdrawn_without_body CHECK ((withdrawn = (octet_length(body) = 0)))
);
alter table rule_packs enable row level security;
alter table rule_packs force row level security;
alter table rule_packs alter column tenant_id set (n_distinct=1);
create policy own_packs_only on rule_packs as restrictive for insert to simledger_app, simledger_worker
    with check ((tenant_id <> '_'::text));
create policy owner_sees_all on rule_packs as permissive for all to simledger_owner
    using (true)
    with check (true);
create policy shared_packs on rule_packs as permissive for select to public
    using ((tenant_id = '_'::text));
create policy tenants_at_hand on rule_packs as permissive for all to public
    using ((tenant_id = ANY (( SELECT string_to_array(NULLIF(current_setting('simledger.tenants'::text, true), ''::text), ','::text) AS string_to_array)::text[])))
    with check ((tenant_id = ANY (( SELECT string_to_array(NULLIF(current_setting('simledger.tenants'::text, true), ''::text), ','::text) AS string_to_array)::text[])));
create policy verify_reads_all on rule_packs as permissive for select to simledger_backup, simledger_verify
    using (true);
grant insert, select on rule_packs to simledger_app;
grant select on rule_packs to simledger_backup;
grant select on rule_packs to simledger_verify;
grant insert, select on rule_packs to simledger_worker;

create table schema_migrations (
    number integer not null,
    name text not null,
    applied_at timestamp with time zone not null,
    constraint schema_migrations_pkey PRIMARY KEY (number)
);
grant select on schema_migrations to simledger_app;
grant select on schema_migrations to simledger_backup;
grant select on schema_migrations to simledger_verify;
grant select on schema_migrations to simledger_worker;

create table standing_marks (
    tenant_id text collate "C" not null,
    written bigint not null,
    constraint standing_marks_pkey PRIMARY KEY (tenant_id),
    constraint standing_marks_written_check CHECK ((written >= 0))
) with (fillfactor=50);
alter table standing_marks enable row level security;
alter table standing_marks force row level security;
alter table standing_marks alter column tenant_id set (n_distinct=1);
create policy owner_sees_all on standing_marks as permissive for all to simledger_owner
    using (true)
    with check (true);
create policy tenants_at_hand on standing_marks as permissive for all to public
    using ((tenant_id = ANY (( SELECT string_to_array(NULLIF(current_setting('simledger.tenants'::text, true), ''::text), ','::text) AS string_to_array)::text[])))
    with check ((tenant_id = ANY (( SELECT string_to_array(NULLIF(current_setting('simledger.tenants'::text, true), ''::text), ','::text) AS string_to_array)::text[])));
create policy verify_reads_all on standing_marks as permissive for select to simledger_backup, simledger_verify
    using (true);
grant delete, insert, select, update on standing_marks to simledger_app;
grant select on standing_marks to simledger_backup;
grant select on standing_marks to simledger_verify;
grant delete, insert, select, update on standing_marks to simledger_worker;

create table tenant_heads (
    tenant_id text collate "C" not null,
    "position" bigint default 0 not null,
    chain bytea default '\x0000000000000000000000000000000000000000000000000000000000000000'::bytea not null,
    recorded_at timestamp with time zone not null,
    rules_revision bigint default 0 not null,
    epoch integer default 1 not null,
    created_at timestamp with time zone not null,
    secret bytea default (uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid())) not null,
    idempotency_required boolean default true not null,
    constraint tenant_heads_pkey PRIMARY KEY (tenant_id),
    constraint tenant_heads_chain_check CHECK ((octet_length(chain) = 32)),
    constraint tenant_heads_epoch_check CHECK ((epoch >= 1)),
    constraint tenant_heads_id_is_well_formed CHECK (((tenant_id ~ '^[a-z0-9-]{1,40}$'::text) OR (tenant_id = '_'::text))),
    constraint tenant_heads_position_check CHECK (("position" >= 0)),
    constraint tenant_heads_rules_revision_check CHECK ((rules_revision >= 0))
) with (fillfactor=50);
alter table tenant_heads enable row level security;
alter table tenant_heads force row level security;
alter table tenant_heads alter column tenant_id set (n_distinct=1);
create policy owner_sees_all on tenant_heads as permissive for all to simledger_owner
    using (true)
    with check (true);
create policy tenants_at_hand on tenant_heads as permissive for all to public
    using ((tenant_id = ANY (( SELECT string_to_array(NULLIF(current_setting('simledger.tenants'::text, true), ''::text), ','::text) AS string_to_array)::text[])))
    with check ((tenant_id = ANY (( SELECT string_to_array(NULLIF(current_setting('simledger.tenants'::text, true), ''::text), ','::text) AS string_to_array)::text[])));
create policy verify_reads_all on tenant_heads as permissive for select to simledger_backup, simledger_verify
    using (true);
grant insert, select, update on tenant_heads to simledger_app;
grant select on tenant_heads to simledger_backup;
grant select on tenant_heads to simledger_verify;
grant insert, select, update on tenant_heads to simledger_worker;

CREATE OR REPLACE FUNCTION public.credential_of(hash bytea)
 RETURNS TABLE(tenant_id text, credential_id uuid, name text, scopes text[])
 LANGUAGE plpgsql
 STABLE SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'public'
AS $function$ begin
        return query select c.tenant_id, c.credential_id, c.name, c.scopes from public.credentials c where c.key_hash = hash and c.revoked_at is null;
    end $function$;
grant execute on function credential_of(bytea) to simledger_app;

CREATE OR REPLACE FUNCTION public.credentials_of(hashes bytea[])
 RETURNS TABLE(tenant_id text, credential_id uuid, name text, scopes text[], n bigint)
 LANGUAGE plpgsql
 STABLE SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'public'
AS $function$ begin
        return query
            select c.tenant_id, c.credential_id, c.name, c.scopes, h.n
            from unnest(hashes) with ordinality as h (hash, n)
            cross join lateral (select * from public.credentials k where k.key_hash = h.hash and k.revoked_at is null limit 1) c;
    end $function$;
grant execute on function credentials_of(bytea[]) to simledger_app;

CREATE OR REPLACE FUNCTION public.refresh_statistics()
 RETURNS void
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'public'
AS $function$
    declare grown text;
    begin
        for grown in
            select c.relname from pg_class c
            where c.relkind = 'r' and c.relnamespace = 'public'::regnamespace
                and exists (select from pg_attribute a where a.attrelid = c.oid and a.attname = 'tenant_id')
                and pg_relation_size(c.oid) between 2 * 8192 * greatest(c.relpages, 1)::bigint and 67108864
        loop
            execute format('analyze (skip_locked) public.%I', grown);
        end loop;
    end $function$;
grant execute on function refresh_statistics() to simledger_app;
grant execute on function refresh_statistics() to simledger_worker;

CREATE OR REPLACE FUNCTION public.require_rows(what text, expected bigint, written bigint)
 RETURNS void
 LANGUAGE plpgsql
 IMMUTABLE
 SET search_path TO 'pg_catalog'
AS $function$ begin
        if written <> expected then
            raise exception 'A commit batch wrote % rows of % where % were meant.', written, what, expected using errcode = 'SL001';
        end if;
    end $function$;
grant execute on function require_rows(text,bigint,bigint) to simledger_app;
grant execute on function require_rows(text,bigint,bigint) to simledger_worker;

CREATE OR REPLACE FUNCTION public.shared_rules_revision()
 RETURNS bigint
 LANGUAGE sql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'public'
AS $function$ select h.rules_revision from public.tenant_heads h where h.tenant_id = '_' for share $function$;
grant execute on function shared_rules_revision() to simledger_app;
grant execute on function shared_rules_revision() to simledger_worker;

CREATE OR REPLACE FUNCTION public.tenant_ids()
 RETURNS SETOF text
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'public'
AS $function$ select h.tenant_id from public.tenant_heads h where h.tenant_id <> '_' order by h.tenant_id $function$;
grant execute on function tenant_ids() to simledger_app;
grant execute on function tenant_ids() to simledger_backup;
grant execute on function tenant_ids() to simledger_verify;
grant execute on function tenant_ids() to simledger_worker;

CREATE OR REPLACE FUNCTION public.tenants_to_verify()
 RETURNS SETOF text
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'public'
AS $function$
        with recursive of_facts (tenant_id) as (
            select min(e.tenant_id) from public.events e
            union all
            select (select min(e.tenant_id) from public.events e where e.tenant_id > f.tenant_id) from of_facts f where f.tenant_id is not null)
        select h.tenant_id from public.tenant_heads h where h.tenant_id <> '_'
        union select f.tenant_id from of_facts f where f.tenant_id is not null
        union select c.tenant_id from public.credentials c
        order by 1
    $function$;
grant execute on function tenants_to_verify() to simledger_app;
grant execute on function tenants_to_verify() to simledger_verify;

CREATE OR REPLACE FUNCTION public.tenants_with_open_jobs()
 RETURNS SETOF text
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'public'
AS $function$ select distinct j.tenant_id from public.jobs j where j.finished_at is null order by j.tenant_id $function$;
grant execute on function tenants_with_open_jobs() to simledger_app;
grant execute on function tenants_with_open_jobs() to simledger_worker;
