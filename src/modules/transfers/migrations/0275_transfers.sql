-- Customers that pass to another account and its custodian: why, when, in which words.
create table transfers_transfers (
  id uuid primary key,
  to_account_id uuid not null,
  reason text collate "C" not null,
  note text not null,
  -- What the customer reads when it has taken effect.
  message text not null,
  source jsonb not null,
  effective_at timestamptz not null,
  made_at timestamptz not null,
  made_by uuid not null,
  cancelled_at timestamptz,
  cancelled_by uuid
);
-- serves: transfers, newest first
create index transfers_transfers_made on transfers_transfers (made_at desc, id desc);

create table transfers_customers (
  customer_id uuid not null,
  transfer_id uuid not null,
  -- null: no friendship moves, only who looks after them
  from_account_id uuid,
  from_staff_id uuid,
  to_account_id uuid not null,
  -- The customer in the channel's own words.
  ref text collate "C",
  resigned boolean not null default false,
  state text collate "C" not null check (state in ('planned', 'asked', 'waiting', 'done', 'refused', 'full', 'failed', 'cancelled')),
  reason text collate "C",
  effective_at timestamptz not null,
  asked_at timestamptz,
  ended_at timestamptz,
  primary key (customer_id, transfer_id)
);
-- Nobody is on two ways at once; serves: whether somebody is on one
create unique index transfers_customers_one on transfers_customers (customer_id) where state in ('planned', 'asked', 'waiting');
-- serves: what is due to begin
create index transfers_customers_due on transfers_customers (effective_at) where state = 'planned';
-- serves: what a channel is asked about, and what an adding or a refusal settles
create index transfers_customers_open on transfers_customers (to_account_id, from_account_id, ref) where state in ('asked', 'waiting');
-- serves: who is on the way from somebody
create index transfers_customers_from on transfers_customers (from_staff_id) where state in ('planned', 'asked', 'waiting');
-- serves: the customers of one transfer by state
create index transfers_customers_of on transfers_customers (transfer_id, state, customer_id);

-- Groups that get another owner.
create table transfers_groups (
  group_id uuid not null,
  transfer_id uuid not null,
  from_account_id uuid not null,
  to_account_id uuid not null,
  state text collate "C" not null check (state in ('asked', 'done', 'failed')),
  reason text collate "C",
  asked_at timestamptz not null,
  ended_at timestamptz,
  primary key (group_id, transfer_id)
);
-- serves: the groups of one transfer
create index transfers_groups_of on transfers_groups (transfer_id, state);

-- When a channel was last asked what became of what it was handed, by pair of accounts.
create table transfers_polls (
  from_account_id uuid not null,
  to_account_id uuid not null,
  resigned boolean not null,
  next_at timestamptz not null,
  primary key (from_account_id, to_account_id, resigned)
);

-- People who leave: what they hold has to find other hands before it is closed.
create table transfers_leavings (
  staff_id uuid primary key,
  began_at timestamptz not null,
  -- null: the channel said so
  began_by uuid,
  due_day integer not null,
  note text not null default '',
  closed_at timestamptz,
  closed_by uuid
);
-- serves: leavings that are not closed
create index transfers_leavings_open on transfers_leavings (due_day) where closed_at is null;

-- What had no owner when it was looked for, by day.
create table transfers_unowned (
  day integer not null,
  kind text collate "C" not null,
  n integer not null,
  looked_at timestamptz not null,
  primary key (day, kind)
);
