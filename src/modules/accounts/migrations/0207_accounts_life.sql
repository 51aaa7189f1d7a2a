-- How the account came to us, since when it is in its state, who starts and nurtures it, active days it had before it was
-- watched here (null: told by its level), whether planned touches are still to be taken from it, when its chats were last saved.
alter table accounts_accounts
  add column origin text collate "C" not null default 'directory',
  add column state_since timestamptz,
  add column tended_by uuid,
  add column active_days_before integer,
  add column to_vacate boolean not null default false,
  add column chat_backup_on date;

-- Every change of state, by whom and with what evidence.
create table accounts_moves (
  id uuid primary key,
  -- Several steps may be of one moment where the shop's clock stands.
  seq bigint generated always as identity,
  account_id uuid not null,
  at timestamptz not null,
  from_state text collate "C",
  to_state text collate "C" not null,
  by_staff_id uuid,
  note text not null default '',
  file_id uuid
);
-- serves: the history of one account
create index accounts_moves_account on accounts_moves (account_id, seq);

-- On whose identity, number and device an account runs: the one erasable record of it.
create table accounts_registrations (
  account_id uuid primary key,
  holder_name text not null default '',
  phone text not null default '',
  sim_owner text not null default '',
  device text not null default '',
  updated_at timestamptz not null
);

-- Agreements and evidence. They lie in the database, so that a backup holds them and every server has them.
create table accounts_files (
  id uuid primary key,
  account_id uuid not null,
  kind text collate "C" not null check (kind in ('agreement', 'evidence')),
  file_name text not null,
  type text collate "C" not null check (type in ('application/pdf', 'image/png', 'image/jpeg')),
  bytes integer not null,
  sha256 text collate "C" not null,
  content bytea not null,
  signed_on date check (signed_on is not null or kind <> 'agreement'),
  uploaded_by uuid not null,
  uploaded_at timestamptz not null,
  -- serves: the files of one account; the same file again is the same
  unique (account_id, kind, sha256)
);
-- What is packed already is not packed again.
alter table accounts_files alter column content set storage external;

-- With what it was handed over, by whom, and when the custodian signed for it.
alter table accounts_custody
  add column handed_by uuid,
  add column checklist jsonb,
  add column note text not null default '',
  add column request_id uuid,
  add column signed_at timestamptz,
  add column self_checked boolean not null default false;

-- An account on its way back, until somebody else has checked it.
create table accounts_returns (
  id uuid primary key,
  account_id uuid not null,
  custodian_staff_id uuid,
  begun_by uuid not null,
  begun_at timestamptz not null,
  reason text not null default '',
  checklist jsonb,
  note text not null default '',
  to_state text collate "C",
  checked_by uuid,
  checked_at timestamptz,
  self_checked boolean not null default false
);
-- serves: the return that is under way; there is one at most
create unique index accounts_returns_open on accounts_returns (account_id) where checked_at is null;
-- serves: the returns of one account
create index accounts_returns_account on accounts_returns (account_id, begun_at);

-- Who asks for an account to use, and what became of it.
create table accounts_requests (
  id uuid primary key,
  requested_by uuid not null,
  for_staff_id uuid not null,
  function text collate "C" not null check (function in ('ip', 'sales', 'member', 'agent')),
  reason text not null,
  state text collate "C" not null check (state in ('open', 'approved', 'handed_over', 'rejected', 'cancelled')),
  account_id uuid,
  decided_by uuid,
  decided_at timestamptz,
  decision_note text not null default '',
  made_at timestamptz not null
);
-- serves: requests by state, the newest first
create index accounts_requests_state on accounts_requests (state, made_at desc, id desc);
-- An account is promised to one request at a time.
create unique index accounts_requests_promised on accounts_requests (account_id) where state = 'approved';

-- What is not as it should be: with somebody who sees to it, and until when.
create table accounts_findings (
  id uuid primary key,
  account_id uuid not null,
  kind text collate "C" not null,
  stocktake_id uuid,
  detail jsonb not null default '{}',
  owner_staff_id uuid,
  due_on date not null,
  made_at timestamptz not null,
  resolved_at timestamptz,
  resolved_by uuid,
  note text not null default ''
);
-- Told once for an account and stocktake; serves: the findings of one account
create unique index accounts_findings_once
  on accounts_findings (account_id, kind, coalesce(stocktake_id, '00000000-0000-0000-0000-000000000000'));
-- serves: what is open, the most urgent first
create index accounts_findings_open on accounts_findings (due_on, id) where resolved_at is null;
-- serves: what a stocktake found
create index accounts_findings_stocktake on accounts_findings (stocktake_id) where stocktake_id is not null;
