-- How often a running import met an order number: the n-th row of an order is known by its place, however far the rows stand
-- apart. Only counts of runs under way stand here, so a crash may empty it.
create unlogged table orders_import_seen (
  run_id uuid not null,
  key text collate "C" not null,
  n int not null,
  primary key (run_id, key)
);
