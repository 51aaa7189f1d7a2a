-- An import can be paused between two batches and goes on later.
alter table orders_imports drop constraint orders_imports_state_check;
alter table orders_imports add constraint orders_imports_state_check
  check (state in ('uploaded', 'queued', 'running', 'paused', 'checked', 'done', 'failed', 'cancelled')) not valid;
alter table orders_imports validate constraint orders_imports_state_check;
-- The counts through the last batch before a pause: the run goes on behind so many rows.
alter table orders_imports add column stood jsonb;
