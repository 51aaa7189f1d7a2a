-- How far phones that came before every door spelled them alike have been spelled anew, as this version spells them.
create table customers_respelled (
  one boolean primary key default true check (one),
  spelling int not null,
  up_to int not null
);
insert into customers_respelled (spelling, up_to) values (0, 0);
