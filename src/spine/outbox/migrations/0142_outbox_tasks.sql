-- A parcel that waits for staff is a task in their phones. It is worth pressing until the last of its touches ends (shop time);
-- staff are reminded of it, and it is taken back when its time is over or its send is called off.
alter table outbox_parcels
  add column until timestamptz,
  -- shop time of each reminder that may have gone out
  add column reminders timestamptz[] not null default '{}',
  add column remind_wanted boolean not null default false,
  -- why it is taken back, from the first try on
  add column recall text collate "C" check (recall in ('send_cancelled', 'window_passed')),
  add column recalled_at timestamptz,
  -- machine time: no reminder and no recall is tried before
  add column tend_at timestamptz;
