-- Why an introduction was left undone, in the words of whoever left it; and which time it was asked for, so that a later asking is an
-- assignment of its own.
alter table plans_introductions add column dropped_reason text;
alter table plans_introductions add column dropped_at timestamptz;
alter table plans_introductions add column times integer not null default 1;
