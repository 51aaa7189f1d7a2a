-- Whoever wrote, changed or handed in a send: none of them may be the second person who approves it.
alter table sends_sends add column written_by uuid[] not null default '{}';
