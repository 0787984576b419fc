-- An organisation publishes rule packs of its own, and what was published can be withdrawn: docs/adr/0007-rules-change-after-their-impact-was-seen.md
-- Runs as simledger_owner. Locks: rule_packs exclusively for an instant (adding a column with a constant default rewrites nothing).
-- Undo: drop policy own_packs_only; revoke insert on rule_packs; drop the column and its check (forgets what was withdrawn).

alter table rule_packs
    add column withdrawn boolean not null default false,  -- from this revision on the code has no rules here; body is empty
    add constraint rule_packs_withdrawn_without_body check (withdrawn = (octet_length(body) = 0));

-- In an append's own commit. The shared packs stay the owner's, even if '_' were named among the tenants at hand.
grant insert on rule_packs to simledger_app, simledger_worker;
create policy own_packs_only on rule_packs as restrictive for insert to simledger_app, simledger_worker with check (tenant_id <> '_');
