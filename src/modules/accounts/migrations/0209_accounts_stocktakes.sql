-- A stocktake: what was expected at its beginning, and what became of it.
create table accounts_stocktakes (
  id uuid primary key,
  name text not null,
  due_on date not null,
  state text collate "C" not null check (state in ('open', 'closed')),
  opened_by uuid not null,
  opened_at timestamptz not null,
  closed_by uuid,
  closed_at timestamptz
);
-- One stocktake at a time.
create unique index accounts_stocktakes_open on accounts_stocktakes (state) where state = 'open';

-- Each account as it stood when the stocktake began, and what somebody counted.
create table accounts_stocktake_lines (
  stocktake_id uuid not null,
  account_id uuid not null,
  account_name text not null,
  expected_custodian uuid,
  expected_friends integer not null,
  expected_tagged integer not null,
  expected_backup_on date,
  counted_by uuid,
  counted_at timestamptz,
  self_checked boolean not null default false,
  custodian_staff_id uuid,
  friends integer,
  tags_ok boolean,
  backup_on date,
  note text not null default '',
  differences text[] not null default '{}',
  -- serves: the lines of one stocktake
  primary key (stocktake_id, account_id)
);
