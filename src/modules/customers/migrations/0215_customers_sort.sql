-- one by one
-- serves: the list of customers by their first contact, either way and from any place; those without one, by number, after them
drop index concurrently if exists customers_customers_first_contact;
create index concurrently customers_customers_first_contact on customers_customers (first_contact_at desc nulls last, number desc);
