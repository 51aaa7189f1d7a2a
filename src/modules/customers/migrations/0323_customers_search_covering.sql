-- one by one
-- A beginning that finds tens of thousands is compared with whose customers one may see from the indexes alone, without the rows:
-- each says the customer beside the text. The ones without are dropped.
drop index concurrently if exists customers_customers_by_name;
-- serve: search by the beginning of a name, its pinyin or initials
create index concurrently customers_customers_by_name on customers_customers (name) include (id);
drop index concurrently if exists customers_customers_name;
drop index concurrently if exists customers_customers_by_pinyin;
create index concurrently customers_customers_by_pinyin on customers_customers (name_pinyin) include (id);
drop index concurrently if exists customers_customers_pinyin;
drop index concurrently if exists customers_customers_by_initials;
create index concurrently customers_customers_by_initials on customers_customers (name_initials) include (id);
drop index concurrently if exists customers_customers_initials;
drop index concurrently if exists customers_contacts_by_remark;
-- serve: search by the beginning of a remark, its pinyin or initials
create index concurrently customers_contacts_by_remark on customers_contacts ((remark collate "C")) include (customer_id) where remark <> '';
drop index concurrently if exists customers_contacts_remark;
drop index concurrently if exists customers_contacts_by_remark_pinyin;
create index concurrently customers_contacts_by_remark_pinyin on customers_contacts (remark_pinyin) include (customer_id) where remark_pinyin <> '';
drop index concurrently if exists customers_contacts_remark_pinyin;
drop index concurrently if exists customers_contacts_by_remark_initials;
create index concurrently customers_contacts_by_remark_initials on customers_contacts (remark_initials) include (customer_id) where remark_initials <> '';
drop index concurrently if exists customers_contacts_remark_initials;
-- serves: the customers of one member of staff or a team, newest first, and whether somebody found is one of them
drop index concurrently if exists customers_customers_of_owner;
create index concurrently customers_customers_of_owner on customers_customers (owner_staff_id, number desc) include (id);
drop index concurrently if exists customers_customers_owner;
