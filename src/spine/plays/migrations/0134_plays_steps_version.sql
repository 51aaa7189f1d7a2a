-- Of which version a step was, so that a play's results are counted from its steps alone. Null for steps before: the enrolment says.
alter table plays_steps add column version integer;
