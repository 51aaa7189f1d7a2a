-- Greetings of new contacts: a lane of their own, since a platform gives them 20 seconds. Times are machine time but made_at.
create table outbox_welcomes (
  key text collate "C" primary key,
  customer_id uuid not null,
  account_id uuid not null,
  ref text collate "C" not null,
  code text not null,
  content jsonb not null,
  until timestamptz not null,
  made_at timestamptz not null,
  queued_at timestamptz not null default clock_timestamp(),
  state text collate "C" not null check (state in ('waiting', 'sending', 'sent', 'missed', 'failed', 'by_hand', 'unknown')),
  detail text,
  ended_at timestamptz
);
-- serves: the next greetings to be sent, and those that nobody will send any more
create index outbox_welcomes_open on outbox_welcomes (state, until) where state in ('waiting', 'sending');

-- serves: what a stopped play still asked of people
create index outbox_assignments_cause on outbox_assignments (split_part(cause_key, '/', 1)) where state in ('open', 'missed');
