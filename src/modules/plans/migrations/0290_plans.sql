-- The way of a customer to the account of the next function: proposed → introduced → closed.
create table plans_introductions (
  customer_id uuid not null,
  function text collate "C" not null,
  account_id uuid not null,
  assignee_staff_id uuid,
  -- The day whose add-friend quota of the account it takes.
  day integer not null,
  state text collate "C" not null check (state in ('proposed', 'introduced', 'closed', 'dropped')),
  proposed_at timestamptz not null,
  introduced_at timestamptz,
  closed_at timestamptz,
  primary key (customer_id, function)
);
-- serves: how many introductions an account has on a day
create index plans_introductions_day on plans_introductions (account_id, day) where state <> 'dropped';
