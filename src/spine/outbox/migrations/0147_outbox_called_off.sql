-- Enrolments of plays that were stopped while the outbox still had something of theirs, and why: later rounds call off the rest.
create table outbox_called_off (
  cause_id uuid primary key,
  reason text collate "C" not null
);
