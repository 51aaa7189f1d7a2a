-- A channel code (渠道码): where people come from, what they are told first, which tags they get.
create table codes_codes (
  id uuid primary key,
  name text not null,
  -- Comes back with every adding; how a customer's source is known for good.
  state text collate "C" not null unique,
  source text collate "C" not null,
  account_ids uuid[] not null,
  tag_ids uuid[] not null default '{}',
  welcome_text text not null default '',
  -- The channel's own name of the code and its picture; null until the channel has made it.
  way_ref text collate "C",
  url text,
  problem text,
  created_by uuid,
  created_at timestamptz not null,
  closed_at timestamptz
);
