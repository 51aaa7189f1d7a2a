-- One taxonomy for the whole team: groups of tags by dimension, exclusive or not.
create table tags_groups (
  id uuid primary key,
  name text not null unique,
  dimension text collate "C" not null check (dimension in ('payment', 'persona', 'time', 'region', 'custom')),
  -- of an exclusive group a customer has one tag at most: a new one takes the place of the old
  exclusive boolean not null,
  position int not null,
  channel_ref text collate "C" unique,
  created_at timestamptz not null
);

-- A tag keeps its id for good: renamed it is the same tag, retired it maps to another or to nothing.
create table tags_tags (
  id uuid primary key,
  group_id uuid not null,
  name text not null,
  definition text not null default '',
  example text not null default '',
  position int not null,
  -- the channel's own name for it, where the two are kept in step
  channel_ref text collate "C" unique,
  -- made by the channel and not by the team: it goes when the channel drops it
  from_channel boolean not null default false,
  retired_at timestamptz,
  replaced_by uuid,
  created_at timestamptz not null
);
-- serves: the tags of a group; no two living ones have one name
create unique index tags_tags_name on tags_tags (group_id, name) where retired_at is null;

-- Who has which tag, from where.
create table tags_assignments (
  customer_id uuid not null,
  tag_id uuid not null,
  source text collate "C" not null check (source in ('hand', 'rule', 'import', 'wecom', 'code', 'play', 'group')),
  by_id text collate "C",
  assigned_at timestamptz not null,
  -- serves: the tags of one customer
  primary key (customer_id, tag_id)
);
-- serves: everyone who has a tag that is being retired
create index tags_assignments_tag on tags_assignments (tag_id, customer_id);

-- One row a customer, locked while their tags change: two changes at once cannot leave two tags of an exclusive group.
create table tags_customers (
  customer_id uuid primary key,
  changed_at timestamptz not null
);

-- The taxonomy changes by proposal and decision; nobody invents a tag on the side.
create table tags_proposals (
  id uuid primary key,
  body jsonb not null,
  reason text not null default '',
  proposed_by uuid not null,
  proposed_at timestamptz not null,
  decided_by uuid,
  decided_at timestamptz,
  accepted boolean,
  note text not null default ''
);
-- serves: proposals, open ones first, newest first
create index tags_proposals_open on tags_proposals ((decided_at is not null), proposed_at desc, id desc);

insert into tags_groups (id, name, dimension, exclusive, position, created_at) values
  ('0196a000-0000-7000-8000-000000000001', '付费身份', 'payment', true, 1, '2026-01-01'),
  ('0196a000-0000-7000-8000-000000000002', '人群画像', 'persona', false, 2, '2026-01-01'),
  ('0196a000-0000-7000-8000-000000000003', '时间批次', 'time', false, 3, '2026-01-01'),
  ('0196a000-0000-7000-8000-000000000004', '地区', 'region', true, 4, '2026-01-01');

insert into tags_tags (id, group_id, name, definition, example, position, created_at)
select ('0196a000-0000-7000-8000-0000000001' || lpad(n::text, 2, '0'))::uuid,
  ('0196a000-0000-7000-8000-00000000000' || g)::uuid, name, definition, example, n, '2026-01-01'
from (values
  (1, 1, '普通', '还没有表现出购买意向', '刚加好友,没有问过价格'),
  (2, 1, '意向', '问过价、看过两次商品页、预约过或留下购物车', '7 天内两次打开商品页'),
  (3, 1, '付费', '买过一次正价商品', '第一单低价商品'),
  (4, 1, '复购', '买过两次或更多', '第二次购买'),
  (5, 1, '代理', '签约的代理', '在代理名册里'),
  (6, 2, '宝妈', '有 0–6 岁的孩子', '聊到孩子的月龄'),
  (7, 2, '企业主', '自己经营公司或店铺', '开了三家店'),
  (8, 2, 'IP', '在做个人品牌', '有短视频账号'),
  (9, 2, '操盘手', '为别人操盘项目', '负责过直播间'),
  (10, 2, '求职者', '正在找工作', '投过简历'),
  (11, 3, '创始会员', '首批会员', '第一期 399 礼包')) as t (n, g, name, definition, example);
