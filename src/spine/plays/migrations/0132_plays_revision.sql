-- How often a draft was saved: who saves on what somebody else has changed since is told.
alter table plays_versions add column revision integer not null default 1;
