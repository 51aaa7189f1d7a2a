-- What is known about each customer, one wide row a customer: three conditions are one scan or one index, never three joins
-- of a million rows. Columns are added for the traits that modules offer and bear the trait's own name.
create table traits_customers (
  customer_id uuid primary key,
  -- Dense: the customer's place in every bitmap.
  number int not null unique,
  -- Whose customer it is; lists, counts and audiences of one who may see only some filter by it.
  scope_id uuid
) with (fillfactor = 80);
-- serves: audiences and counts of one who sees only own customers
create index traits_customers_scope on traits_customers (scope_id, number);

-- The columns there are; a trait keeps its kind for good.
create table traits_columns (
  trait text collate "C" primary key,
  kind text collate "C" not null check (kind in ('text', 'number', 'day', 'boolean', 'tags')),
  -- of a closed list of classes: its changes are told as facts
  classed boolean not null
);

-- Sets of words (tags, groups) are kept as sets of their numbers: a tenth of the room.
create table traits_words (
  id int generated always as identity primary key,
  word text collate "C" not null unique
);

-- Since when a class holds, and the rule and numbers that decided.
create table traits_reasons (
  customer_id uuid not null,
  trait text collate "C" not null,
  since timestamptz not null,
  why jsonb not null,
  -- serves: why one customer is in a class
  primary key (customer_id, trait)
);

-- Uncached on purpose: a number is drawn while the changed rows are locked, so that of two changes of one customer the later
-- has the higher one.
create sequence traits_changes_id;

-- What changed, many customers a row: bitmaps follow it, and plays find who newly matches. `old` stands in the
-- order of `numbers`, so that every earlier state can be told from the present one. `@row`: rows came (old: false) or went (old: true);
-- `@scope`: whose they were.
create table traits_changes (
  tx xid8 not null default pg_current_xact_id(),
  id bigint not null default nextval('traits_changes_id'),
  trait text collate "C" not null,
  numbers int[] not null,
  old jsonb not null,
  -- machine time, for throwing old changes away
  recorded_at timestamptz not null default now(),
  -- serves: changes since a position
  primary key (tx, id)
);

-- Changes below this transaction have been thrown away; a reader that stands lower must look at everything again.
create table traits_floor (
  one boolean primary key default true check (one),
  tx xid8 not null
);
insert into traits_floor (tx) values ('0');
