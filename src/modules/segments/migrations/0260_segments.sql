-- Saved rules. A rule keeps its versions; a frozen segment is a list of people as they matched at one moment.
create table segments_segments (
  id uuid primary key,
  name text not null,
  frozen boolean not null,
  version int not null,
  created_by uuid not null,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  deleted_at timestamptz
);
-- serves: the list of segments; no two living ones have one name
create unique index segments_segments_name on segments_segments (name) where deleted_at is null;

create table segments_versions (
  segment_id uuid not null,
  version int not null,
  rule jsonb not null,
  saved_by uuid not null,
  saved_at timestamptz not null,
  primary key (segment_id, version)
);

create table segments_members (
  customer_id uuid not null,
  segment_id uuid not null,
  frozen_at timestamptz not null,
  primary key (segment_id, customer_id)
);

-- Published for conditions: who is on the list of a frozen segment.
create view segments_listed as select customer_id, segment_id::text as segment_id from segments_members;
