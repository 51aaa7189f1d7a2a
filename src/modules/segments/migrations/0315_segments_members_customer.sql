-- one by one
-- serves: the lists that one customer is on, when two become one and two again
drop index concurrently if exists segments_members_customer;
create index concurrently segments_members_customer on segments_members (customer_id);
