-- What a merge found of both customers and what it made of it, row by row, so that it can be undone for a while. `place` is a table, with
-- the column of the customer where that has another name; `key` tells its rows apart beside the customer; `had`: both had such a row.
create table facts_carried (
  from_id uuid not null,
  place text collate "C" not null,
  -- whose row it was: of the one who goes, or of the one who stays (kept where the merge changed it)
  side text collate "C" not null check (side in ('goes', 'stays')),
  key text collate "C" not null,
  before jsonb not null,
  -- null: the merge left no such row
  after jsonb,
  had boolean not null,
  at timestamptz not null,
  -- serves: all that one merge did
  primary key (from_id, place, side, key)
);
-- serves: throwing away what nobody may undo any more
create index facts_carried_at on facts_carried (at);
