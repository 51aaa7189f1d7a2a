-- A customer's number in imported files names the same person in every file, not one person a file. Of those who shared a number
-- the first keeps it; the others keep the name that their own file gave them.
insert into customers_identities (kind, value, customer_id)
select distinct on (value) 'import', value, customer_id from customers_identities
where kind like 'import:%' order by value, customer_id
on conflict do nothing;
