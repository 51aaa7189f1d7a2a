-- Whether a whole night has given everybody the days of their steps: those who stood on one before there were such days get them once.
alter table classes_nights add column steps_kept boolean not null default false;
