-- A pair that the outside itself says is one person (`certain`) is merged without being asked about; others wait for somebody.
alter table customers_merge_queue
  add column certain boolean not null default false,
  add column decision text collate "C" check (decision in ('merge', 'apart')),
  add column decided_by uuid;

-- Who became part of whom. What comes in late under the old name is carried after them for a while.
create table customers_merges (
  from_id uuid primary key,
  into_id uuid not null,
  merged_at timestamptz not null,
  -- null: the outside said so
  merged_by uuid,
  carried_at timestamptz not null
);
-- serves: merges of the last while
create index customers_merges_at on customers_merges (merged_at);
