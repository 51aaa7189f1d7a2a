-- People of a layer or segment shared out over accounts that are to add them, some each day.
create table plans_diversions (
  id uuid primary key,
  name text not null,
  segment_id uuid,
  rule jsonb not null,
  -- what the account says when it asks to be added
  opening text not null,
  account_ids uuid[] not null,
  from_day int not null,
  state text collate "C" not null check (state in ('running', 'ended', 'cancelled')),
  people int not null,
  made_by uuid not null,
  made_at timestamptz not null,
  ended_at timestamptz
);
-- serves: diversions that a worker has to unfold
create index plans_diversions_running on plans_diversions (id) where state = 'running';

-- How many an account is to add on a day: what introductions and other diversions count. Who they are is known when the day
-- unfolds: the next in the line.
create table plans_diversion_slots (
  diversion_id uuid not null,
  account_id uuid not null,
  day int not null,
  people int not null,
  -- how many of them its assignments name already
  given int not null default 0,
  -- serves: the days of one diversion, and those that have come
  primary key (diversion_id, day, account_id)
);
-- serves: how much of its quota an account has given away, by day
create index plans_diversion_slots_day on plans_diversion_slots (account_id, day);

-- Those who wait for their day, in the order that chance gave them; whoever comes back stands before all (chunks below 0).
create table plans_diversion_line (
  diversion_id uuid not null,
  chunk int not null,
  people int not null,
  customer_ids uuid[] not null,
  -- serves: the next in the line
  primary key (diversion_id, chunk)
);
-- Ids do not compress: trying would cost more than all the rest.
alter table plans_diversion_line alter column customer_ids set storage external;

-- Those whose day has come.
create table plans_diverted (
  customer_id uuid not null,
  diversion_id uuid not null,
  account_id uuid not null,
  day int not null,
  -- back: their account went out of use, and they wait in the line again
  state text collate "C" not null check (state in ('planned', 'back', 'invited', 'added', 'grouped', 'dropped')),
  -- how often they went back: each time is asked of somebody anew
  turn smallint not null default 0,
  invited_at timestamptz,
  added_at timestamptz,
  grouped_at timestamptz,
  -- serves: one account's list of a day
  primary key (diversion_id, account_id, day, customer_id)
);
-- serves: in which diversions somebody is, and that nobody is in one twice
create unique index plans_diverted_customer on plans_diverted (customer_id, diversion_id);
-- serves: whether a diversion still waits for somebody of late, and whom an account has not asked yet
create index plans_diverted_waiting on plans_diverted (diversion_id, day) where state = 'planned';
-- serves: the funnel of a diversion
create index plans_diverted_moved on plans_diverted (diversion_id, state);
