-- The model of each night: what was fitted to how many, or why nothing was, and how well an earlier fit foretold what came.
create table value_fits (
  day int primary key,
  fitted_at timestamptz not null,
  state text collate "C" not null check (state in ('fitted', 'too_little')),
  model jsonb not null,
  -- everybody's predictions of this night are published
  done boolean not null default false
);
