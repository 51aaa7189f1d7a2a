-- A number alone does not say whether it is people, bytes or a time.
alter table outbox_limits add column unit text collate "C" not null default 'count'
  check (unit in ('count', 'bytes', 'chars', 'ms', 'minute_of_day'));
update outbox_limits set unit = 'minute_of_day' where name in ('quiet.from_minute', 'quiet.until_minute');
