-- Shop time as every process reads it: at the instant anchor_real it was anchor_shop, and since then it runs at `rate`.
create table platform_clock (
  one boolean primary key default true check (one),
  anchor_real timestamptz not null,
  anchor_shop timestamptz not null,
  rate double precision not null check (rate >= 0),
  source text not null
);

-- What this database is: stamped at the first start and never changed (a sandbox's invented people must not meet real ones).
create table platform_stamp (
  one boolean primary key default true check (one),
  kind text not null check (kind in ('sandbox', 'real')),
  stamped_at timestamptz not null default now()
);

-- Settings that a team can change without a release; secrets are sealed with SIYU_SECRET_KEY before they come here.
create table platform_settings (
  name text collate "C" primary key,
  value jsonb not null,
  updated_at timestamptz not null default now()
);

-- One key table for HTTP and ledger: the key is written in the command's own transaction.
create table platform_keys (
  key text collate "C" primary key,
  body_hash text not null,
  status smallint not null,
  answer jsonb,
  created_at timestamptz not null default now()
);
-- serves: the nightly removal of HTTP keys past their life
create index platform_keys_created on platform_keys (created_at);

create table platform_sessions (
  token_hash bytea primary key,
  staff_id uuid not null,
  created_at timestamptz not null default now(),
  last_seen_at timestamptz not null default now(),
  expires_at timestamptz not null,
  ip text,
  agent text
);
-- serves: revoke every session of one member of staff
create index platform_sessions_staff on platform_sessions (staff_id);

create table platform_tokens (
  id uuid primary key,
  name text not null,
  token_hash bytea not null unique,
  staff_id uuid not null,
  scopes text[],
  created_at timestamptz not null default now(),
  last_used_at timestamptz,
  revoked_at timestamptz
);

-- Who did what to what, before and after. Append-only, each row sealed over the one before it.
create table platform_audit (
  seq bigint primary key,
  at timestamptz not null,
  actor_kind text not null,
  actor_id text,
  action text collate "C" not null,
  target text,
  before jsonb,
  after jsonb,
  ip text,
  request_id text,
  previous_hash text not null,
  hash text not null
);
-- serves: the history of one thing, newest first
create index platform_audit_target on platform_audit (target, seq desc);

create function platform_refuse_change() returns trigger language plpgsql as $$
begin
  raise exception '% is append-only', tg_table_name;
end $$;
create trigger platform_audit_append_only before update or delete on platform_audit
  for each row execute function platform_refuse_change();
create trigger platform_audit_no_truncate before truncate on platform_audit
  for each statement execute function platform_refuse_change();
