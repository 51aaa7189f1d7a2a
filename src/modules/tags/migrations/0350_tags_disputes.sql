-- Whose work was judged may say that the verdict is wrong; somebody else than the first then has the last word.
alter table tags_inspections add column disputed_at timestamptz;
alter table tags_inspections add column dispute text not null default '';
alter table tags_inspections add column second_verdict text collate "C";
alter table tags_inspections add column second_note text not null default '';
alter table tags_inspections add column second_by uuid;
alter table tags_inspections add column second_at timestamptz;
alter table tags_inspections add constraint tags_inspections_second check (
  (disputed_at is null or verdict is not null)
  and (second_verdict is null or second_verdict in ('right', 'wrong', 'missing'))
  and (second_verdict is null) = (second_by is null)
  and (second_by is null or disputed_at is not null and second_by <> staff_id and second_by <> judged_by)
) not valid;
alter table tags_inspections validate constraint tags_inspections_second;
