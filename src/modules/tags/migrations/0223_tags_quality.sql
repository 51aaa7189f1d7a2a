-- The numbers of the quality of tags, as they were when they were last counted.
create table tags_quality (
  one boolean primary key default true check (one),
  taken_at timestamptz not null,
  settings jsonb not null,
  body jsonb not null
);

-- Published for conditions: who has a tag of which group.
create view tags_in_groups as
  select a.customer_id, t.group_id::text collate "C" as group_id
  from tags_assignments a join tags_tags t on t.id = a.tag_id;

-- Published for conditions: on which day (Shanghai) a tag was last given or confirmed; a rule confirms its own every day.
create view tags_confirmed as
  select customer_id, tag_id::text collate "C" as tag_id,
    floor((extract(epoch from coalesce(confirmed_at, assigned_at)) + 28800) / 86400)::int as day
  from tags_assignments where source <> 'rule';

-- Published for conditions: who has two or more tags of one exclusive group.
create view tags_doubled as
  select a.customer_id, t.group_id::text collate "C" as group_id
  from tags_assignments a join tags_tags t on t.id = a.tag_id join tags_groups g on g.id = t.group_id and g.exclusive
  group by a.customer_id, t.group_id having count(*) > 1;

-- A tag that is given to many at once, piece by piece; undone the same way.
create table tags_bulks (
  id uuid primary key,
  tag_id uuid not null,
  of text collate "C" not null check (of in ('segment', 'group', 'rule')),
  ref text collate "C",
  tree jsonb not null,
  -- whose customers they may be: null for everybody's
  scope uuid[],
  people int not null,
  by_staff uuid not null,
  asked_at timestamptz not null,
  state text collate "C" not null check (state in ('running', 'done', 'undoing', 'undone', 'broken')),
  after_number int not null default -1,
  given int not null default 0,
  taken int not null default 0,
  ended_at timestamptz
);
-- serves: what is under way, and the list, newest first
create index tags_bulks_open on tags_bulks (asked_at) where state in ('running', 'undoing');

-- The tags of exclusive groups that a bulk took the place of, to be put back when it is undone.
create table tags_replaced (
  bulk_id uuid not null,
  customer_id uuid not null,
  tag_id uuid not null,
  source text collate "C" not null,
  by_id text collate "C",
  assigned_at timestamptz not null,
  primary key (bulk_id, customer_id, tag_id)
);
-- serves: what was replaced of one customer, when two become one
create index tags_replaced_customer on tags_replaced (customer_id);
