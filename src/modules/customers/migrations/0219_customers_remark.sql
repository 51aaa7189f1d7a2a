-- one by one
-- serve: search by the beginning of the company's own remark, its pinyin or initials
drop index concurrently if exists customers_customers_remark;
create index concurrently customers_customers_remark on customers_customers (remark) where remark <> '';
drop index concurrently if exists customers_customers_remark_pinyin;
create index concurrently customers_customers_remark_pinyin on customers_customers (remark_pinyin) where remark_pinyin <> '';
drop index concurrently if exists customers_customers_remark_initials;
create index concurrently customers_customers_remark_initials on customers_customers (remark_initials) where remark_initials <> '';
