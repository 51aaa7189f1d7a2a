-- when – if – then, as data.
create table plays_plays (
  id uuid primary key,
  -- The name by which a built-in play is known to the system; null for the team's own.
  slug text collate "C" unique,
  name text not null,
  running boolean not null default false,
  created_at timestamptz not null
);

create table plays_versions (
  play_id uuid not null,
  version integer not null,
  state text collate "C" not null check (state in ('draft', 'published', 'retired')),
  definition jsonb not null,
  author_id uuid,
  saved_at timestamptz not null,
  published_at timestamptz,
  primary key (play_id, version)
);
-- New people enter one version of a play; those inside stay on theirs.
create unique index plays_versions_published on plays_versions (play_id) where state = 'published';

-- One person on the way through one play: a row that moves. `step` counts moves and names what a node does, so that the same
-- step done again after a failure is the same step.
create table plays_enrolments (
  customer_id uuid not null,
  play_id uuid not null,
  entry integer not null,
  id uuid not null,
  version integer not null,
  entered_by text collate "C" not null,
  anchor_at timestamptz not null,
  entered_at timestamptz not null,
  node text collate "C" not null,
  step integer not null default 0,
  due_at timestamptz not null,
  -- listening for a fact since then
  since timestamptz,
  state text collate "C" not null check (state in ('active', 'done', 'stopped', 'failed')),
  reason text collate "C",
  ended_at timestamptz,
  attempts smallint not null default 0,
  -- machine time
  retry_at timestamptz,
  primary key (customer_id, play_id, entry)
);
-- serves: the next due people at one node; counts per step
create index plays_enrolments_due on plays_enrolments (play_id, version, node, due_at) where state = 'active';
-- One cause lets a person in once, however often it is told.
create unique index plays_enrolments_cause on plays_enrolments (customer_id, play_id, entered_by);

-- What each step did: why somebody got something, or did not.
create table plays_steps (
  customer_id uuid not null,
  enrolment_id uuid not null,
  step integer not null,
  play_id uuid not null,
  node text collate "C" not null,
  due_at timestamptz not null,
  at timestamptz not null,
  outcome text collate "C" not null,
  detail jsonb,
  primary key (customer_id, enrolment_id, step)
);
-- serves: what each step of a play came to
create index plays_steps_node on plays_steps (play_id, node, outcome);

-- How far the entry of an audience at a moment is; a row a play and moment.
create table plays_entries (
  play_id uuid not null,
  at timestamptz not null,
  version integer not null,
  -- the dense number of the last customer looked at
  through integer not null default -1,
  entered integer not null default 0,
  done boolean not null default false,
  primary key (play_id, at)
);
