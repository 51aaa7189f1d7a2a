-- What happened. Order is (tx, id): a transaction with a lower id may commit later, so readers stop below the oldest open one.
create sequence facts_id cache 64;

create table facts (
  tx xid8 not null default pg_current_xact_id(),
  id bigint not null default nextval('facts_id'),
  bucket smallint not null,
  type text collate "C" not null,
  subject uuid not null,
  origin "char" not null check (origin in ('l', 'h')),
  occurred_at timestamptz not null,
  recorded_at timestamptz not null default now(),
  payload jsonb not null
) partition by range (recorded_at);
-- serves: a handler's next batch, in commit order
create index facts_order on facts (tx, id);
-- serves: one subject's timeline, newest first
create index facts_timeline on facts (subject, occurred_at desc, id desc);

-- Catches what no monthly partition holds, so that a late job loses nothing.
create table facts_other partition of facts default;

-- How far each handler has read in each lane (a range of buckets). Effects and cursor commit together.
create table facts_cursors (
  handler text collate "C" not null,
  lane smallint not null,
  tx xid8 not null,
  id bigint not null,
  advanced_at timestamptz not null default now(),
  primary key (handler, lane)
);

-- Facts that a handler could not take, and those of the same subject that must queue behind them.
create table facts_parked (
  handler text collate "C" not null,
  subject uuid not null,
  tx xid8 not null,
  id bigint not null,
  attempts smallint not null default 0,
  error text,
  next_try_at timestamptz not null default now(),
  dead boolean not null default false,
  primary key (handler, subject, tx, id)
);
-- serves: the next subjects to be tried again
create index facts_parked_due on facts_parked (handler, next_try_at) where not dead;
