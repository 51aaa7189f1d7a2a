-- one by one
drop index concurrently if exists outbox_welcomes_customer;
-- serves: the greetings of one customer
create index concurrently outbox_welcomes_customer on outbox_welcomes (customer_id);
