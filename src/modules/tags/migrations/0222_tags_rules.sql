-- A rule keeps a tag where a segment or a condition holds (of = segment, tree), or the tags of a group by the values of a trait
-- (of = month, province, city): one tag a value, made when the value first comes.
create table tags_rules (
  id uuid primary key,
  name text not null,
  of text collate "C" not null check (of in ('segment', 'tree', 'month', 'province', 'city')),
  tag_id uuid,
  group_id uuid,
  segment_id uuid,
  tree jsonb,
  trait text collate "C",
  -- of two rules that want tags of one exclusive group the lower one has its way
  position int not null,
  running boolean not null,
  -- what stands in its way, such as a condition that points at something gone
  broken jsonb,
  -- what it was understood as when everybody was last looked at; another one means everybody is looked at again
  digest text collate "C",
  -- the day on which everybody was last looked at, and how far today's look has come (a customer's number)
  swept_day int not null default 0,
  sweep_after int,
  synced_at timestamptz,
  -- it is over, and what it gave is being taken back
  taking_back boolean not null default false,
  created_by uuid,
  created_at timestamptz not null,
  removed_at timestamptz,
  check ((tag_id is null) <> (group_id is null))
);
-- serves: one living rule a tag, one a group
create unique index tags_rules_tag on tags_rules (tag_id) where removed_at is null and tag_id is not null;
create unique index tags_rules_group on tags_rules (group_id) where removed_at is null and group_id is not null;

-- Which tag of the group stands for which value.
create table tags_values (
  rule_id uuid not null,
  value text collate "C" not null,
  tag_id uuid not null,
  primary key (rule_id, value)
);

-- Up to where the changes of traits have been read for all rules.
create table tags_follow (
  one boolean primary key default true check (one),
  position pg_snapshot not null
);

-- When somebody last said that the tag is right, by giving it again.
alter table tags_assignments add column confirmed_at timestamptz;

-- Off until somebody switches them on: a new version tags nobody unasked.
insert into tags_rules (id, name, of, group_id, trait, position, running, created_at) values
  ('0196a000-0000-7000-8000-000000000201', '加友月份', 'month', '0196a000-0000-7000-8000-000000000005', 'customers.friend_since_day', 1, false, '2026-01-01'),
  ('0196a000-0000-7000-8000-000000000202', '首单月份', 'month', '0196a000-0000-7000-8000-000000000006', 'orders.first_day', 2, false, '2026-01-01'),
  ('0196a000-0000-7000-8000-000000000203', '地区', 'province', '0196a000-0000-7000-8000-000000000004', 'customers.region', 3, false, '2026-01-01'),
  ('0196a000-0000-7000-8000-000000000204', '城市', 'city', '0196a000-0000-7000-8000-000000000007', 'customers.region', 4, false, '2026-01-01');
