-- How many rows a run has before it, as the dry run before it counted them.
alter table orders_imports add column expected_rows integer;
