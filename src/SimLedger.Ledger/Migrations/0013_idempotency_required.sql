-- An organisation may turn off that every request which records something brings an Idempotency-Key: for small programs that send each thing once.
-- Runs as simledger_owner. Locks: tenant_heads exclusively for an instant (a column with a constant default). Undo: alter table tenant_heads drop column idempotency_required.

alter table tenant_heads add column idempotency_required boolean default true not null;
