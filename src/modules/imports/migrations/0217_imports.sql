-- Files sent to the import wizard and what became of them, of every kind. A run that was cut short is simply run again: rows are known.
create table imports_imports (
  id uuid primary key,
  kind text collate "C" not null,
  file_name text not null,
  path text not null,
  bytes bigint not null,
  state text not null check (state in ('uploaded', 'queued', 'running', 'paused', 'checked', 'done', 'failed', 'cancelled')),
  dry_run boolean not null default true,
  options jsonb,
  -- of whose customers whoever started it may see; null: of everybody
  scope uuid[],
  counts jsonb,
  -- How many rows a run has before it, as the dry run before it counted them.
  expected_rows integer,
  problem text,
  failures jsonb,
  failed_path text,
  created_by uuid not null,
  created_at timestamptz not null,
  -- Who runs it: only that runner may renew its lease, write its progress and end it. The lease is machine time.
  run_id uuid,
  lease_until timestamptz,
  -- The counts through the last batch before a pause: the run goes on behind so many rows.
  stood jsonb,
  paused_at timestamptz,
  ended_at timestamptz,
  -- when its files were deleted: what was uploaded and the rows that failed are not kept for ever
  files_expired_at timestamptz
);
-- serves: the next import to run
create index imports_imports_waiting on imports_imports (created_at) where state in ('queued', 'running');
-- serve: the history, newest first, of all kinds and of one; and the columns that files of a kind had lately
create index imports_imports_newest on imports_imports (created_at desc, id desc);
create index imports_imports_kind on imports_imports (kind, created_at desc, id desc);

-- Imports of orders that an older version began are kept; columns that it did not have yet stay empty.
do $$
begin
  if to_regclass('orders_imports') is not null then
    execute $copy$
      insert into imports_imports
      select (jsonb_populate_record(null::imports_imports, to_jsonb(o) || jsonb_build_object('kind', 'orders',
        'counts', case when jsonb_typeof(o.counts) = 'object' then '{"changed": 0}'::jsonb || o.counts end))).*
      from orders_imports o
    $copy$;
  end if;
end $$;
