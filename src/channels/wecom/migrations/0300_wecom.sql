-- One access token a secret, renewed by one process at a time; `sealed` is never plain text.
create table wecom_tokens (
  key text collate "C" primary key,
  sealed text,
  expires_at timestamptz,
  lease_owner text,
  lease_until timestamptz,
  refused_until timestamptz,
  refused_reason text
);

-- Leaky buckets of calls, one row an API, shared by all processes (machine time).
create table wecom_pace (
  api text collate "C" primary key,
  minute_at timestamptz not null,
  hour_at timestamptz not null,
  blocked_until timestamptz,
  blocks smallint not null default 0
);

-- Callbacks as they came in, verified and decrypted, before any work. `key` is a hash of all that the event says.
create table wecom_callbacks (
  id bigint generated always as identity primary key,
  key text collate "C" not null unique,
  event text not null,
  change text not null,
  subject text collate "C" not null,
  create_time bigint not null,
  fields jsonb not null,
  received_at timestamptz not null,
  received_machine_at timestamptz not null default now(),
  copies int not null default 1,
  urgent boolean not null,
  state text not null default 'waiting' check (state in ('waiting', 'handled', 'stale', 'ignored', 'dead')),
  handled_at timestamptz,
  attempts smallint not null default 0,
  next_try_at timestamptz not null default now(),
  error text
);
-- serves: the next to be told; those with a welcome code do not queue behind a backlog
create index wecom_callbacks_next on wecom_callbacks (urgent desc, id) where state = 'waiting';
-- serves: the rest of a subject's waiting callbacks, in the order in which they happened
create index wecom_callbacks_subject on wecom_callbacks (subject, create_time, id) where state = 'waiting';
-- serves: purging what is handled and old
create index wecom_callbacks_old on wecom_callbacks (handled_at) where state <> 'waiting';

-- States to be fetched from the platform. `version` rises whenever something new is heard, so that an answer that was asked
-- for before it is thrown away.
create table wecom_wants (
  kind text not null check (kind in ('contact', 'group', 'tags')),
  ref text collate "C" not null,
  version bigint not null default 1,
  live boolean not null default false,
  wanted_at timestamptz not null default now(),
  due_at timestamptz not null default now(),
  lease_until timestamptz,
  attempts smallint not null default 0,
  dead boolean not null default false,
  error text,
  primary key (kind, ref)
);
-- serves: the next states to fetch
create index wecom_wants_due on wecom_wants (due_at) where not dead;

-- What was last told of each relation, so that each change is told once and old never overwrites new.
create table wecom_contacts (
  external_ref text collate "C" not null,
  account_ref text collate "C" not null,
  state text not null check (state in ('half', 'added', 'left', 'deleted')),
  changed_at timestamptz not null,
  digest text,
  -- machine time of the last change here: an answer asked for before it is out of date
  heard_at timestamptz not null default clock_timestamp(),
  seen_at timestamptz,
  primary key (external_ref, account_ref)
);
-- serves: a sweep's question which relations of an account it did not see
create index wecom_contacts_account on wecom_contacts (account_ref, seen_at) where state in ('added', 'left');

create table wecom_groups (
  chat_ref text collate "C" primary key,
  state text not null check (state in ('active', 'dismissed')),
  version text not null default '',
  expected_version text not null default '',
  changed_at timestamptz not null,
  digest text,
  heard_at timestamptz not null default clock_timestamp(),
  seen_at timestamptz,
  gaps int not null default 0
);

-- Runs of a sync: where it stands (resumable), how far it is, and what it found to differ.
create table wecom_runs (
  id bigint generated always as identity primary key,
  kind text not null check (kind in ('full', 'sweep')),
  started_at timestamptz not null,
  -- machine time: relations and groups not seen since then were not in this run's answers
  begun_at timestamptz not null default now(),
  stage text not null,
  position jsonb not null default '{}',
  progress jsonb not null default '{}',
  report jsonb not null default '{}',
  owner text,
  lease_until timestamptz,
  finished_at timestamptz,
  error text
);
-- serves: the run that is under way (there is at most one)
create unique index wecom_runs_open on wecom_runs ((true)) where finished_at is null;

-- Small facts with a digest, such as the last tag catalogue and staff list that were told.
create table wecom_digests (
  name text collate "C" primary key,
  digest text not null,
  told_at timestamptz not null
);
