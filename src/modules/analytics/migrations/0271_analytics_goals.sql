-- What a month is meant to reach, by measure; whoever sets it again replaces it.
create table analytics_goals (
  -- 2026-11, Shanghai
  month text collate "C" not null check (month ~ '^\d{4}-\d{2}$'),
  measure text collate "C" not null,
  target bigint not null check (target > 0),
  set_by uuid not null,
  set_at timestamptz not null,
  primary key (month, measure)
);
