-- Limits as data: of several rows of one name and `per`, the one with the latest effective_from not after the day asked for holds.
create table outbox_limits (
  name text collate "C" not null,
  per text collate "C" not null,
  value bigint not null,
  source text not null,
  effective_from date not null,
  corrected_by uuid,
  primary key (name, per, effective_from)
);
insert into outbox_limits (name, per, value, source, effective_from) values
  ('person.selling', 'day', 1, 'house default', '2020-01-01'),
  ('person.selling', 'rolling_7_days', 3, 'house default', '2020-01-01'),
  ('quiet.from_minute', 'day', 1290, 'house default: 21:30 Asia/Shanghai', '2020-01-01'),
  ('quiet.until_minute', 'day', 510, 'house default: 08:30 Asia/Shanghai', '2020-01-01');

-- A mass send as the outbox carries it out. The text and its audience are the author's until it is submitted.
create table outbox_sends (
  id uuid primary key,
  made_at timestamptz not null,
  author_id uuid not null,
  approver_id uuid,
  approved_at timestamptz,
  state text collate "C" not null
    check (state in ('awaiting_approval', 'rejected', 'planning', 'running', 'paused', 'cancelled', 'done')),
  -- What a paused send goes back to.
  paused_from text collate "C",
  message_id uuid not null,
  not_before timestamptz not null,
  expires_at timestamptz not null,
  -- Planned up to this customer; null before the first chunk.
  planned_through uuid,
  planned_at timestamptz,
  cancelled_by uuid,
  problem text
);
-- serves: sends that a worker has to plan or bring to an end
create index outbox_sends_open on outbox_sends (state, id) where state in ('planning', 'running');

-- What is said, once for all who get it.
create table outbox_messages (
  id uuid primary key,
  touch_kind text collate "C" not null,
  nature text collate "C" not null check (nature in ('selling', 'service', 'answer')),
  when_capped text collate "C" not null check (when_capped in ('leave_out', 'next_day')),
  account_function text collate "C",
  content jsonb not null
);

create sequence outbox_touch_id cache 1000;

-- One intended contact with one person. `part` is the first day of its cause's month, so that a cause's rows lie in one
-- partition and its key is unique over all of them.
create table outbox_touches (
  id bigint not null,
  part date not null,
  customer_id uuid not null,
  cause_id uuid not null,
  visit integer not null,
  cause_kind text collate "C" not null,
  message_id uuid not null,
  account_id uuid,
  day integer not null,
  due_at timestamptz not null,
  expires_at timestamptz not null,
  state text collate "C" not null check (state in ('unplaced', 'planned', 'sending', 'sent_to_staff', 'confirmed', 'delivered',
    'not_friend', 'over_quota', 'failed', 'unknown', 'left_out', 'expired', 'cancelled')),
  reason text collate "C",
  parcel_id uuid,
  ref text collate "C",
  attempts smallint not null default 0,
  -- machine time
  retry_at timestamptz,
  settled_at timestamptz,
  -- serves: once for (cause, customer, visit); all touches of a customer
  primary key (customer_id, cause_kind, cause_id, visit, part)
) partition by range (part);
-- serves: the next due touches, those of one account and message together
create index outbox_touches_due on outbox_touches (due_at, account_id, message_id) where state = 'planned';
-- serves: touches that still need a day
create index outbox_touches_unplaced on outbox_touches (due_at) where state = 'unplaced';
-- serves: the touches of one parcel
create index outbox_touches_parcel on outbox_touches (parcel_id) where parcel_id is not null;
-- serves: the states of one send
create index outbox_touches_cause on outbox_touches (cause_id, state);
create table outbox_touches_other partition of outbox_touches default;

-- The frequency cap as rows: who has a row on a day is not written to again on it. Kept while nobody can prove it was not sent.
create table outbox_slots (
  customer_id uuid not null,
  kind text collate "C" not null,
  day integer not null,
  slot smallint not null,
  touch_id bigint not null,
  primary key (customer_id, kind, day, slot)
);

-- How much of an account's daily quota is taken.
create table outbox_use (
  account_id uuid not null,
  class text collate "C" not null,
  day integer not null,
  used integer not null,
  primary key (account_id, class, day)
);

-- What was handed to a channel in one go: its id and recipients are stored before the call.
create table outbox_parcels (
  id uuid primary key,
  channel text collate "C" not null,
  account_id uuid not null,
  account_ref text collate "C" not null,
  message_id uuid not null,
  touch_kind text collate "C" not null,
  payload jsonb not null,
  touches integer not null,
  state text collate "C" not null check (state in ('handing', 'unknown', 'receipts', 'done')),
  asked_at timestamptz not null,
  -- machine time: whoever hands it over holds it until then
  lease_until timestamptz not null,
  attempts smallint not null default 1,
  next_try_at timestamptz,
  task_ref text,
  detail text
);
-- serves: parcels whose holder is gone, whose outcome is unknown or whose receipts are to be asked for
create index outbox_parcels_open on outbox_parcels (state, lease_until) where state <> 'done';

-- A channel that said "stop" is left alone until then (machine time), or until somebody closes the circuit.
create table outbox_circuits (
  channel text collate "C" primary key,
  open_until timestamptz not null,
  code text not null,
  opened_at timestamptz not null
);

-- What a person has to do.
create table outbox_assignments (
  id uuid primary key,
  cause_key text collate "C" not null unique,
  kind text collate "C" not null,
  title text not null,
  script text not null default '',
  reason text,
  customer_id uuid,
  account_id uuid,
  assignee_staff_id uuid,
  target jsonb not null default '{}',
  due_at timestamptz not null,
  evidence text collate "C" not null check (evidence in ('none', 'text', 'screenshot')),
  evidence_given text,
  state text collate "C" not null check (state in ('open', 'done', 'missed', 'cancelled')),
  late boolean not null default false,
  made_at timestamptz not null,
  closed_at timestamptz,
  closed_by uuid,
  touch_key text collate "C"
);
-- serves: one person's list by time
create index outbox_assignments_mine on outbox_assignments (assignee_staff_id, state, due_at, id);
-- serves: one day's list of everybody, and those that came to be late
create index outbox_assignments_due on outbox_assignments (state, due_at, id);
-- serves: what is open about one customer
create index outbox_assignments_customer on outbox_assignments (customer_id, state);
