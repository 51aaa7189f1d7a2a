-- one by one
-- When a send came to its end (shop time), and how many of its touches stood in which state then: who asks later what became of
-- it counts nothing again.
alter table outbox_sends add column if not exists ended_at timestamptz, add column if not exists tally jsonb;
-- serves: sends under way and those that ended lately
drop index concurrently if exists outbox_sends_ended;
create index concurrently outbox_sends_ended on outbox_sends (ended_at desc nulls first);
