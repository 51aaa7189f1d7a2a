-- A mass send as its author sees it; the outbox carries it out under the same id once it is submitted.
create table sends_sends (
  id uuid primary key,
  name text not null,
  text text not null,
  nature text collate "C" not null check (nature in ('selling', 'service')),
  -- The rule itself, or the rule of a segment as it was when the send was saved.
  rule jsonb not null,
  segment_id uuid,
  account_function text collate "C",
  send_at timestamptz not null,
  expires_at timestamptz not null,
  author_id uuid not null,
  -- Whose customers the author may write to; null is everybody's.
  scope uuid[],
  submitted boolean not null default false,
  created_at timestamptz not null,
  updated_at timestamptz not null
);
-- serves: the list, newest first
create index sends_sends_newest on sends_sends (created_at desc, id desc);
