-- Whether every customer should have a tag of the group, and which roles may give its tags by hand (null: all who may tag).
alter table tags_groups add column required boolean not null default false;
alter table tags_groups add column roles text[];

-- What the taxonomy became by each decision. Names as they were then, so that the history reads without looking anything up.
create table tags_versions (
  number int primary key,
  at timestamptz not null,
  -- null: the channel's catalogue changed
  by_staff uuid,
  proposal_id uuid unique,
  what jsonb not null
);

-- What was said about a proposal: words of one person, or the record of a meeting.
create table tags_comments (
  id uuid primary key,
  proposal_id uuid not null,
  by_staff uuid not null,
  at timestamptz not null,
  kind text collate "C" not null check (kind in ('comment', 'meeting')),
  body text not null
);
-- serves: the discussion of a proposal, oldest first
create index tags_comments_proposal on tags_comments (proposal_id, at, id);

insert into tags_groups (id, name, dimension, exclusive, position, created_at) values
  ('0196a000-0000-7000-8000-000000000005', '加友月份', 'time', true, 5, '2026-01-01'),
  ('0196a000-0000-7000-8000-000000000006', '首单月份', 'time', true, 6, '2026-01-01'),
  ('0196a000-0000-7000-8000-000000000007', '城市', 'region', true, 7, '2026-01-01')
on conflict do nothing;
