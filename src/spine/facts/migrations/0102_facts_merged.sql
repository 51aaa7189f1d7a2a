-- Who became part of whom: what is told of the first is told of the second. A chain is kept flat, so one look is enough.
create table facts_merged (
  from_id uuid primary key,
  into_id uuid not null,
  merged_at timestamptz not null,
  check (from_id <> into_id)
);
-- serves: all the names under which one subject was told of
create index facts_merged_into on facts_merged (into_id);
