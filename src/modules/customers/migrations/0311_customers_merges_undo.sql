-- Into whom somebody was merged before that one was merged as well, and the order in which merges were made: the last is undone first.
-- Null: merged by a version that could not undo.
alter table customers_merges
  add column first_into_id uuid,
  add column number bigint;
create sequence customers_merge_number;
