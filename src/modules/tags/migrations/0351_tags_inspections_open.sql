-- one by one
drop index concurrently if exists tags_inspections_open;
-- serves: the next one to be judged, for the first time or after a dispute
create index concurrently tags_inspections_open on tags_inspections (week, id)
  where verdict is null or disputed_at is not null and second_verdict is null;
drop index concurrently if exists tags_inspections_judged;
-- serves: what was judged lately, of somebody's work or of everybody's
create index concurrently tags_inspections_judged on tags_inspections (judged_at desc, id) where verdict is not null;
