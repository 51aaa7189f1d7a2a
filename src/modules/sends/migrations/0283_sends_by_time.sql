-- one by one
-- serves: the list by when sends go out, either way and from any place
drop index concurrently if exists sends_sends_due;
create index concurrently sends_sends_due on sends_sends (send_at desc, id desc);
