-- What is asked of a channel beside messages: marks, remarks, handing over of customers and groups. `key` is the asker's name for
-- it: once for all time. What goes out together shares account, kind and payload.
create table outbox_deeds (
  key text collate "C" primary key,
  touch_kind text collate "C" not null,
  -- In whose name; `ref` is the recipient in the channel's own words.
  account_id uuid not null,
  ref text collate "C" not null,
  payload jsonb not null,
  -- Whom the facts of it are told of.
  subject_id uuid not null,
  -- What a person is told where no interface does it.
  by_hand jsonb not null,
  due_at timestamptz not null,
  expires_at timestamptz not null,
  state text collate "C" not null
    check (state in ('waiting', 'handing', 'unknown', 'done', 'failed', 'expired', 'by_hand')),
  reason text collate "C",
  parcel_id uuid,
  asked_at timestamptz,
  attempts smallint not null default 0,
  -- machine time: not before; and until when its holder has it
  next_try_at timestamptz,
  lease_until timestamptz,
  ended_at timestamptz
);
-- serves: the next due deeds
create index outbox_deeds_due on outbox_deeds (due_at, account_id) where state = 'waiting';
-- serves: deeds whose holder is gone or of which nobody knows
create index outbox_deeds_open on outbox_deeds (parcel_id) where state in ('handing', 'unknown');
