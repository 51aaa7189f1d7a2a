-- A WeChat or WeCom account that the company owns.
create table accounts_accounts (
  id uuid primary key,
  channel text collate "C" not null,
  channel_ref text collate "C" not null,
  name text not null,
  function text not null check (function in ('ip', 'sales', 'member', 'agent')),
  state text not null default 'in_use'
    check (state in ('requested', 'starting', 'nurturing', 'ready', 'in_use', 'returning', 'retired', 'written_off')),
  hazard text not null default 'none' check (hazard in ('none', 'restricted', 'banned', 'lost')),
  custodian_staff_id uuid,
  nurture_level smallint not null default 0 check (nurture_level between 0 and 5),
  created_at timestamptz not null,
  unique (channel, channel_ref)
);
-- serves: the accounts somebody holds
create index accounts_accounts_custodian on accounts_accounts (custodian_staff_id);

-- Who held an account from when to when; at most one custodian at any time.
create table accounts_custody (
  account_id uuid not null,
  staff_id uuid not null,
  since timestamptz not null,
  until timestamptz,
  primary key (account_id, since)
);
create unique index accounts_custody_one on accounts_custody (account_id) where until is null;
