-- The roles, once per cluster, and their right to this database. Runs before the migrations, as a role that may create roles; repeating it changes nothing.
-- simledger_owner   owns the tables; migrations run as it
-- simledger_app     what the server works as: owns nothing, changes no event
-- simledger_worker  background work of the server
-- simledger_verify  reads everything, changes nothing
-- simledger_backup  as verify, for dumps
do $$
declare
    name text;
begin
    foreach name in array array['simledger_owner', 'simledger_app', 'simledger_worker', 'simledger_verify', 'simledger_backup'] loop
        begin
            if not exists (select from pg_roles where rolname = name) then
                execute format('create role %I nologin nosuperuser nobypassrls nocreatedb nocreaterole', name);
            end if;
        exception when duplicate_object or unique_violation then
            null;  -- another database of the cluster is being prepared at the same moment and was first
        end;
    end loop;
    execute format('grant create, connect, temporary on database %I to simledger_owner', current_database());
    execute format('grant connect on database %I to simledger_app, simledger_worker, simledger_verify, simledger_backup', current_database());
    execute format('revoke temporary on database %I from public', current_database());
    if not pg_has_role(current_user, 'simledger_owner', 'usage') then
        execute format('grant simledger_owner to %I', current_user);
    end if;
end $$;
grant create, usage on schema public to simledger_owner;
grant usage on schema public to simledger_app, simledger_worker, simledger_verify, simledger_backup;
revoke create on schema public from public;
