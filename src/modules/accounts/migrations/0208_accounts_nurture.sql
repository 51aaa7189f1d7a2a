-- What of the daily list was done for an account, with its proof.
create table accounts_nurture (
  account_id uuid not null,
  day integer not null,
  item text collate "C" not null,
  done_by uuid,
  done_at timestamptz not null,
  note text not null default '',
  file_id uuid,
  -- serves: the nurture calendar of one account; an item is done once a day
  primary key (account_id, day, item)
);

-- Days on which an account was active: enough of the list was done, or it reached somebody.
create table accounts_active_days (
  account_id uuid not null,
  day integer not null,
  primary key (account_id, day)
);

-- What befell an account, and when it was over.
create table accounts_incidents (
  id uuid primary key,
  account_id uuid not null,
  kind text collate "C" not null check (kind in ('restricted', 'banned', 'lost', 'complaint', 'other')),
  hazard text collate "C" not null,
  note text not null,
  file_id uuid,
  at timestamptz not null,
  by_staff_id uuid not null,
  over_at timestamptz,
  over_by uuid,
  over_note text not null default ''
);
-- serves: the incidents of one account, and how many befell each lately
create index accounts_incidents_account on accounts_incidents (account_id, at);

-- How an account shows itself, and the check of the first impression it makes.
create table accounts_personas (
  account_id uuid primary key,
  persona jsonb not null default '{}',
  -- item: who checked it, when, whether it was well
  checks jsonb not null default '{}',
  updated_at timestamptz not null
);

-- The last day whose night's work is done.
create table accounts_nights (
  one boolean primary key default true check (one),
  done_day integer not null
);
insert into accounts_nights (done_day) values (0);
