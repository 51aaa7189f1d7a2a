-- The weeks that were drawn; with the seed a draw can be told again.
create table tags_weeks (
  -- the Monday, as a day number
  week int primary key,
  seed text collate "C" not null,
  drawn_at timestamptz not null
);

-- Drawn by chance, so many a week and operator: whose tags are looked at, and what was found.
create table tags_inspections (
  id uuid primary key,
  week int not null,
  -- whose customer it was when it was drawn: whose work is judged
  staff_id uuid not null,
  customer_id uuid not null,
  -- who has it on the desk, and until when
  claimed_by uuid,
  claimed_until timestamptz,
  verdict text collate "C" check (verdict in ('right', 'wrong', 'missing')),
  note text not null default '',
  judged_by uuid,
  judged_at timestamptz,
  -- the tags that were judged
  worn uuid[],
  unique (week, staff_id, customer_id),
  -- nobody judges their own work
  check (judged_by is null or judged_by <> staff_id),
  check ((verdict is null) = (judged_by is null))
);
-- serves: the next one to be judged
create index tags_inspections_open on tags_inspections (week, id) where verdict is null;
-- serves: what was drawn of one customer, when two become one
create index tags_inspections_customer on tags_inspections (customer_id);
