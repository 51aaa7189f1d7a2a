-- What accounts say in their own voice, by situation. A line that is changed is another line: what was said before stays readable.
create table accounts_scripts (
  id uuid primary key,
  function text collate "C" not null check (function in ('ip', 'sales', 'member', 'agent')),
  -- Null: for every account of the function.
  account_id uuid,
  situation text collate "C" not null,
  text text not null,
  -- Null: came with the system.
  made_by uuid,
  made_at timestamptz not null,
  retired_at timestamptz
);
-- serves: the lines of one account, and those that all of its functions share
create index accounts_scripts_said on accounts_scripts (account_id, function) where retired_at is null;
