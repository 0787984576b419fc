-- Facts, append-only, per tenant in commit order, and what commits with them. Why our own store: docs/adr/0001-event-store-on-postgresql.md
-- Runs as simledger_owner; the roles exist already (Roles.sql). Locks: none (new tables). Undo: drop the tables (loses data).

-- One row per organisation and one, '_', for what all share. Every append of a tenant locks its row: position, chain and
-- recorded_at advance together or not at all.
create table tenant_heads (
    tenant_id      text collate "C" not null constraint tenant_heads_pkey primary key,
    position       bigint      not null default 0 check (position >= 0),
    chain          bytea       not null default '\x0000000000000000000000000000000000000000000000000000000000000000' check (octet_length(chain) = 32),
    recorded_at    timestamptz not null,
    rules_revision bigint      not null default 0 check (rules_revision >= 0),
    epoch          int         not null default 1 check (epoch >= 1),  -- fences a tenant that moves to another cluster
    created_at     timestamptz not null,
    secret         bytea       not null default uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid()),  -- signs what clients hand back, such as cursors
    constraint tenant_heads_id_is_well_formed check (tenant_id ~ '^[a-z0-9-]{1,40}$' or tenant_id = '_')
) with (fillfactor = 50);  -- updated by every commit: room for the new version beside the old one keeps the update off the index

create table events (
    tenant_id      text collate "C" not null,
    position       bigint      not null check (position >= 1),  -- 1, 2, 3 … within the tenant, no gaps
    stream_id      uuid        not null,
    version        int         not null check (version >= 1),   -- 1, 2, 3 … within the stream, no gaps
    event_id       uuid        not null,
    type           text        not null,
    data           json,                                        -- the bytes as written; null once erased
    salt           bytea,                                       -- null once erased
    digest         bytea       not null check (octet_length(digest) = 32),
    recorded_at    timestamptz not null,                        -- never runs against position
    actor          text        not null,
    origin         text        not null,
    correlation_id text,
    causation_id   text,
    reason         text,
    constraint events_in_order primary key (tenant_id, position),
    constraint events_version_taken unique (tenant_id, stream_id, version),
    constraint events_erased_with_salt check ((data is null) = (salt is null))
);

create table idempotency (
    tenant_id    text collate "C" not null,
    key          text        not null,
    request_hash bytea       not null,
    result       json        not null,  -- status and values; the body is rendered once the position is known
    position     bigint      not null,
    expires_at   timestamptz not null,
    constraint idempotency_pkey primary key (tenant_id, key)
);
create index idempotency_expiry on idempotency (tenant_id, expires_at);

-- Names that a stream holds (a number, an ICCID): unique within the tenant while held, taken and given back with its events.
create table reservations (
    tenant_id text collate "C" not null,
    kind      text not null,
    value     text not null,
    stream_id uuid not null,
    constraint reservations_pkey primary key (tenant_id, kind, value)
);

-- Rule packs as published. Shared ones belong to the tenant '_' and are readable by all.
create table rule_packs (
    tenant_id    text collate "C" not null,
    code         text        not null,
    revision     bigint      not null check (revision >= 1),  -- of the publishing tenant, rising over all its packs
    hash         bytea       not null check (octet_length(hash) = 32),  -- SHA-256 of body
    body         bytea       not null,
    published_at timestamptz not null,
    actor        text        not null,
    constraint rule_packs_pkey primary key (tenant_id, code, revision)
);

-- The one named exception to "tenant first": a key is looked up before its tenant is known, by the function below and no other way.
create table credentials (
    key_hash      bytea       not null constraint credentials_pkey primary key check (octet_length(key_hash) = 32),  -- SHA-256 of the key
    tenant_id     text collate "C" not null,
    credential_id uuid        not null,
    name          text        not null,
    scopes        text[]      not null,
    created_at    timestamptz not null,
    revoked_at    timestamptz,
    constraint credentials_id unique (tenant_id, credential_id)
);

-- The tenants at hand: named by the transaction in simledger.tenants. Unset and '' (what a finished transaction leaves) both mean none.
do $$
declare
    named constant text := 'tenant_id = any ((select string_to_array(nullif(current_setting(''simledger.tenants'', true), ''''), '',''))::text[])';
    name text;
begin
    foreach name in array array['tenant_heads', 'events', 'idempotency', 'reservations', 'rule_packs', 'credentials'] loop
        execute format('alter table %I enable row level security', name);
        execute format('alter table %I force row level security', name);
        execute format('create policy tenants_at_hand on %I using (%s) with check (%s)', name, named, named);
        -- Under FORCE the owner sees nothing without a policy of its own, and its updates would silently hit no rows.
        execute format('create policy owner_sees_all on %I to simledger_owner using (true) with check (true)', name);
        execute format('create policy verify_reads_all on %I for select to simledger_verify, simledger_backup using (true)', name);
        execute format('grant select on %I to simledger_app, simledger_worker, simledger_verify, simledger_backup', name);
    end loop;
end $$;
create policy shared_packs on rule_packs for select using (tenant_id = '_');

grant insert, update on tenant_heads to simledger_app, simledger_worker;
grant insert on events to simledger_app, simledger_worker;
grant insert, update, delete on idempotency to simledger_app, simledger_worker;
grant insert, delete on reservations to simledger_app, simledger_worker;
grant insert on credentials to simledger_app;
grant update (revoked_at) on credentials to simledger_app;

-- Whose key is this? Nothing else can be learned through it.
create function credential_of(hash bytea)
    returns table (tenant_id text, credential_id uuid, name text, scopes text[])
    language sql stable security definer set search_path = pg_catalog, public
    as $$ select c.tenant_id, c.credential_id, c.name, c.scopes from public.credentials c where c.key_hash = hash and c.revoked_at is null $$;

-- Which organisations are there? Ids only: what walks over all tenants (verify, housekeeping) then visits each behind its own wall.
create function tenant_ids() returns setof text
    language sql stable security definer set search_path = pg_catalog, public
    as $$ select h.tenant_id from public.tenant_heads h where h.tenant_id <> '_' order by h.tenant_id $$;

-- Which shared rules are in force? Holds the shared head until the transaction ends, so that a pack published at the same moment
-- either finds the tenant that asked or is what it was told.
create function shared_rules_revision() returns bigint
    language sql volatile security definer set search_path = pg_catalog, public
    as $$ select h.rules_revision from public.tenant_heads h where h.tenant_id = '_' for share $$;

-- A statement of a commit batch wrote what it was given, or the batch does not commit. COMMIT travels with the writes, so nobody
-- could look at the counts in between.
create function require_rows(what text, expected bigint, written bigint) returns void
    language plpgsql immutable set search_path = pg_catalog
    as $$ begin
        if written <> expected then
            raise exception 'A commit batch wrote % rows of % where % were meant.', written, what, expected using errcode = 'SL001';
        end if;
    end $$;

revoke execute on function credential_of(bytea), tenant_ids(), shared_rules_revision(), require_rows(text, bigint, bigint) from public;
grant execute on function credential_of(bytea) to simledger_app;
grant execute on function shared_rules_revision() to simledger_app, simledger_worker;
grant execute on function tenant_ids() to simledger_app, simledger_worker, simledger_verify, simledger_backup;
grant execute on function require_rows(text, bigint, bigint) to simledger_app, simledger_worker;

insert into tenant_heads (tenant_id, recorded_at, created_at) values ('_', now(), now());
