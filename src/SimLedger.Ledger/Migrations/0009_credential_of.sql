-- A key is looked up by a function whose plan is kept: one in SQL is planned anew by every request, which cost more than the look.
-- Runs as simledger_owner. Locks: none. Undo: create or replace function credential_of as in 0001.

create or replace function credential_of(hash bytea)
    returns table (tenant_id text, credential_id uuid, name text, scopes text[])
    language plpgsql stable security definer set search_path = pg_catalog, public
    as $$ begin
        return query select c.tenant_id, c.credential_id, c.name, c.scopes from public.credentials c where c.key_hash = hash and c.revoked_at is null;
    end $$;
