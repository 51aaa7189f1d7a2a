-- The channel's catalogue as it was last seen, beside ours: what either side changed since both last agreed can be told.
create table tags_channel (
  ref text collate "C" primary key,
  of text collate "C" not null check (of in ('group', 'tag')),
  group_ref text collate "C" not null,
  -- the group or tag of ours that it is; null: none
  ours_id uuid,
  name text not null,
  position bigint not null,
  -- the name on which both last agreed; null: never
  agreed text,
  -- made through us: only such may be changed through us
  made_by_us boolean not null default false,
  -- when its name was first seen
  named_at timestamptz not null,
  gone_at timestamptz,
  -- somebody decided that it is not taken in
  left_out boolean not null default false,
  -- what the channel would not have changed through us, and its code
  refused_name text,
  refused_code text collate "C"
);
-- serves: what is tied to one of ours
create index tags_channel_ours on tags_channel (ours_id) where ours_id is not null;

-- What both sides changed, or of which the team has to say what it shall be; decided once.
create table tags_conflicts (
  id uuid primary key,
  of text collate "C" not null check (of in ('group', 'tag')),
  kind text collate "C" not null check (kind in ('renamed_there', 'renamed_both', 'deleted_there', 'retired_here', 'name_taken')),
  ref text collate "C" not null,
  ours_id uuid not null,
  ours text not null,
  ours_at timestamptz,
  ours_by uuid,
  theirs text,
  theirs_at timestamptz not null,
  found_at timestamptz not null,
  -- over: the two agree again without anybody's decision
  choice text collate "C" check (choice in ('ours', 'theirs', 'over')),
  decided_at timestamptz,
  decided_by uuid,
  check ((choice is null) = (decided_at is null))
);
-- serves: one open question about one of the channel's
create unique index tags_conflicts_open on tags_conflicts (ref) where decided_at is null;
-- serves: the list of conflicts, newest first
create index tags_conflicts_list on tags_conflicts (found_at desc, id desc);

-- Whether our taxonomy is brought to the channel. Off until somebody switches it on: a new version writes nowhere unasked.
create table tags_sync (
  one boolean primary key default true check (one),
  is_on boolean not null default false,
  seen_at timestamptz,
  pushed_at timestamptz,
  -- what last went wrong, until something works again
  problem text collate "C",
  -- machine time: who brings has it until then; after a problem not before
  lease_until timestamptz,
  next_try_at timestamptz
);
insert into tags_sync default values;

-- Whose new tags are made in the channel too.
alter table tags_groups add column pushed boolean not null default false;
-- Who last changed the name of ours or took it out of use, and when.
alter table tags_groups add column changed_at timestamptz, add column changed_by uuid;
alter table tags_tags add column changed_at timestamptz, add column changed_by uuid;

-- What is tied already is taken as agreed; the next look at the catalogue tells.
insert into tags_channel (ref, of, group_ref, ours_id, name, position, agreed, named_at)
select channel_ref, 'group', channel_ref, id, name, position, name, created_at from tags_groups where channel_ref is not null
union all
select t.channel_ref, 'tag', coalesce(g.channel_ref, ''), t.id, t.name, t.position, t.name, t.created_at
from tags_tags t join tags_groups g on g.id = t.group_id where t.channel_ref is not null;
