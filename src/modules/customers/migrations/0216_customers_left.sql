-- one by one
-- serves: customers who left between two days
drop index concurrently if exists customers_contacts_left;
create index concurrently customers_contacts_left on customers_contacts (removed_at, customer_id) where removed_at is not null;
