-- Keys of several requests are looked up together: each look of its own cost as much again in changing to the owner's rights and back as the key did.
-- credential_of stays for servers of the version before, which go on while the newer ones start.
-- Runs as simledger_owner. Locks: none. Undo: drop function credentials_of(bytea[]).

create function credentials_of(hashes bytea[])
    returns table (tenant_id text, credential_id uuid, name text, scopes text[], n bigint)
    language plpgsql stable security definer set search_path = pg_catalog, public
    as $$ begin
        return query
            select c.tenant_id, c.credential_id, c.name, c.scopes, h.n
            from unnest(hashes) with ordinality as h (hash, n)
            cross join lateral (select * from public.credentials k where k.key_hash = h.hash and k.revoked_at is null limit 1) c;
    end $$;
revoke execute on function credentials_of(bytea[]) from public;
grant execute on function credentials_of(bytea[]) to simledger_app;
