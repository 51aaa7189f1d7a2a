-- Who stands in a segment as of the last look at it, by the customer's number: bit n of a part is number part * 2048 + n. A million
-- customers are 500 rows of 256 bytes a segment, where a row for each of them would be seventy million bytes.
create table segments_standing (
  segment_id uuid not null,
  part int not null,
  bits bit(2048) not null,
  primary key (segment_id, part)
);

-- Up to where a segment's comings and goings are known.
create table segments_followed (
  segment_id uuid primary key,
  -- the version of the rule that was looked at; 0 before the first look
  version int not null,
  -- the day (Shanghai) of the last look, and the moment
  day int not null,
  taken_at timestamptz,
  -- where the log of changes stood then: what people's values were is told from there
  position pg_snapshot,
  -- what stands in the way, such as a condition that points at something gone
  broken jsonb
);

-- A day of a segment: how many came in and went out, and how many stood in it at the end.
create table segments_days (
  segment_id uuid not null,
  day int not null,
  came int not null,
  went int not null,
  people int not null,
  version int not null,
  -- on this day the segment was first looked at, or by a new rule: what that alone moved is not counted
  begun boolean not null,
  since timestamptz not null,
  until timestamptz not null,
  primary key (segment_id, day)
);
-- serves: days that are kept no longer
create index segments_days_day on segments_days (day);

-- Who came in or went out on a day, and what of the rule reads otherwise for them.
create table segments_moves (
  customer_id uuid not null,
  segment_id uuid not null,
  day int not null,
  came boolean not null,
  why jsonb,
  -- serves: the people of a day
  primary key (segment_id, day, customer_id)
);
-- serves: what is carried when two customers become one
create index segments_moves_customer on segments_moves (customer_id);
-- serves: moves that are kept no longer
create index segments_moves_day on segments_moves (day);
