-- Files sent to the import wizard and what became of them. A run that was cut short is simply run again: rows are known.
create table orders_imports (
  id uuid primary key,
  file_name text not null,
  path text not null,
  bytes bigint not null,
  state text not null check (state in ('uploaded', 'queued', 'running', 'checked', 'done', 'failed', 'cancelled')),
  dry_run boolean not null default true,
  options jsonb,
  counts jsonb,
  problem text,
  failures jsonb,
  failed_path text,
  created_by uuid not null,
  created_at timestamptz not null,
  -- machine time: whoever runs it holds it until then
  lease_until timestamptz,
  ended_at timestamptz
);
-- serves: the next import to run
create index orders_imports_waiting on orders_imports (created_at) where state in ('queued', 'running');
