-- How far the classes of everybody have been computed: the day of the last whole night, and where a night that was cut stands.
create table classes_nights (
  one boolean primary key default true check (one),
  done_day int not null,
  running_day int,
  after_number int not null default -1
);
insert into classes_nights (done_day) values (0);
