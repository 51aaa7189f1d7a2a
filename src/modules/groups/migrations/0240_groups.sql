create table groups_groups (
  id uuid primary key,
  channel text collate "C" not null,
  channel_ref text collate "C" not null,
  name text not null default '',
  owner_ref text collate "C",
  notice text not null default '',
  -- The channel's version of the member list: another one than ours means that news was lost.
  member_version text collate "C" not null default '',
  seen_at timestamptz not null,
  created_at timestamptz not null,
  dismissed_at timestamptz,
  unique (channel, channel_ref)
);

create table groups_members (
  group_id uuid not null,
  member_ref text collate "C" not null,
  customer_id uuid,
  kind text not null check (kind in ('staff', 'external')),
  name text not null default '',
  scene text not null default 'unknown',
  state text collate "C",
  invited_by_ref text collate "C",
  joined_at timestamptz not null,
  left_at timestamptz,
  last_spoke_at timestamptz,
  messages integer not null default 0,
  primary key (group_id, member_ref)
);
-- serves: the groups of a customer, and "is in a group"
create index groups_members_customer on groups_members (customer_id) where customer_id is not null;

create table groups_messages (
  group_id uuid not null,
  message_ref text collate "C" not null,
  member_ref text collate "C" not null,
  kind text not null,
  text text not null,
  sent_at timestamptz not null,
  primary key (group_id, sent_at, message_ref)
) partition by range (sent_at);
create table groups_messages_other partition of groups_messages default;
