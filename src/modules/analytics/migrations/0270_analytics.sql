-- Sums by day, each fact counted once: the handler's cursor moves in the same transaction.
create table analytics_daily (
  day integer not null,
  measure text collate "C" not null,
  dimension text collate "C" not null default '',
  value bigint not null,
  primary key (measure, day, dimension)
);

-- The entry path, one row a person: the day of each first step.
create table analytics_path (
  customer_id uuid primary key,
  source text collate "C" not null default '',
  added_day integer,
  joined_day integer,
  spoke_day integer,
  ordered_day integer,
  repeated_day integer
);
-- serves: the funnel of those who came in within a range of days, by source
create index analytics_path_added on analytics_path (added_day, source);
