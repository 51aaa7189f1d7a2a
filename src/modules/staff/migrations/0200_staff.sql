create table staff_teams (
  id uuid primary key,
  name text collate "C" not null unique,
  created_at timestamptz not null
);

create table staff_members (
  id uuid primary key,
  -- How the channel knows this person; null for somebody who only uses the console.
  channel_ref text collate "C" unique,
  name text not null,
  position text not null default '',
  team_id uuid references staff_teams (id),
  role text not null check (role in ('owner', 'lead', 'operator', 'asset_keeper', 'inspector', 'viewer')),
  status text not null check (status in ('active', 'disabled', 'leaving', 'left')),
  login text collate "C" unique,
  password_hash text,
  must_change_password boolean not null default false,
  failed_logins integer not null default 0,
  locked_until timestamptz,
  created_at timestamptz not null
);
-- serves: who belongs to a team (data scope "team")
create index staff_members_team on staff_members (team_id);
