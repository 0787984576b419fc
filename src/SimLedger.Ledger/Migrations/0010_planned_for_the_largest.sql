-- Statements are planned once, for whichever organisation: then it must be for the largest. By its statistics PostgreSQL takes an organisation for the average
-- one, some hundred rows of many thousands, and goes through all of its rows where it should look one up: measured, 290 µs of a command for the key of an earlier
-- answer, found by the index of its expiry. As if there were one organisation, it knows that the tenant alone narrows nothing.
-- And since a plan made while a table was small takes any index for good enough, that of expiry is put out of the reach of who looks for a key.
-- Runs as simledger_owner. Locks: each table for a moment, against other changes of its kind; idempotency against writes while its index is made (a second a million
-- rows). The first takes effect with the next ANALYZE of a table.
-- Undo: alter table … alter column tenant_id reset (n_distinct); make idempotency_expiry anew as in 0001.

do $$
declare tenanted text;
begin
    for tenanted in
        select c.relname from pg_class c join pg_attribute a on a.attrelid = c.oid
        where c.relkind = 'r' and c.relnamespace = 'public'::regnamespace and a.attname = 'tenant_id'
    loop
        execute format('alter table public.%I alter column tenant_id set (n_distinct = 1)', tenanted);
    end loop;
end $$;

-- The column is never null. But a statement may use the index only where its condition says so, as "expires_at <= …" does and "(expires_at > …) is true" does not.
drop index idempotency_expiry;
create index idempotency_expiry on idempotency (tenant_id, expires_at) where expires_at is not null;
