-- How often a draft was saved: who saves on what somebody else has changed since is told.
alter table sends_sends add column revision integer not null default 1;
