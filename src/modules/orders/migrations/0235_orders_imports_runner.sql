-- Who runs an import: only that runner may renew its lease, write its progress and end it.
alter table orders_imports add column run_id uuid;
