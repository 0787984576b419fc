-- The facts of one import, found at once among millions: what an import brought in is asked for when something in it was wrong.
-- Partial: facts that came in otherwise cost an append only the look at their origin.
-- Runs as simledger_owner. Locks: events against writes while the facts are read once, some seconds a million. Undo: drop index events_of_imports.

create index events_of_imports on events (tenant_id, causation_id, position) where origin like 'import:%';
