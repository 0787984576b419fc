-- Which organisations are to be verified? Those that have a head, and those of whom facts or keys are left without one: a walk over the heads alone
-- passes an organisation by whose head was deleted, and says that all is whole.
-- Runs as simledger_owner. Locks: none. Undo: drop function tenants_to_verify().

-- Ids only. Of the facts one look into the key for each organisation, however many facts it has.
create function tenants_to_verify() returns setof text
    language sql stable security definer set search_path = pg_catalog, public
    as $$
        with recursive of_facts (tenant_id) as (
            select min(e.tenant_id) from public.events e
            union all
            select (select min(e.tenant_id) from public.events e where e.tenant_id > f.tenant_id) from of_facts f where f.tenant_id is not null)
        select h.tenant_id from public.tenant_heads h where h.tenant_id <> '_'
        union select f.tenant_id from of_facts f where f.tenant_id is not null
        union select c.tenant_id from public.credentials c
        order by 1
    $$;
revoke execute on function tenants_to_verify() from public;
grant execute on function tenants_to_verify() to simledger_app, simledger_verify;
