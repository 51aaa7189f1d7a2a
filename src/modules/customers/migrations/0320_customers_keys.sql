-- What else a customer is found by: other readings of the characters of a name or a remark, and its simplified form where it is
-- written otherwise. The usual reading stands beside the name itself.
create table customers_keys (
  customer_id uuid not null,
  -- whose remark it is; the customer's own name under the empty id
  account_id uuid not null,
  key text collate "C" not null,
  -- serves: writing the keys of a text anew; whether one customer is found by a beginning
  primary key (customer_id, account_id, key)
);
-- serves: search by the beginning of another reading, or of the simplified form
create index customers_keys_key on customers_keys (key, customer_id);

-- How far the keys of those who were there before have been written by the readings that this version knows.
create table customers_rekeyed (
  one boolean primary key default true check (one),
  readings int not null,
  up_to int not null
);
insert into customers_rekeyed (readings, up_to) values (0, 0);
