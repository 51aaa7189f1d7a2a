-- What the company itself writes down of a person: its remark beside those that each account gave them, the birthday
-- (2001-05-20, or --05-20 where nobody told the year), and since when they agreed to be written to.
alter table customers_customers
  add column remark text collate "C" not null default '',
  add column remark_pinyin text collate "C" not null default '',
  add column remark_initials text collate "C" not null default '',
  add column birthday text collate "C",
  add column consented_at timestamptz;

-- A file of customers that somebody opened, and whom it holds, by their numbers in its order, page by page. Deleted after a while:
-- what is kept of it for good stands in the audit.
create table customers_exports (
  id uuid primary key,
  staff_id uuid not null,
  people integer not null,
  created_at timestamptz not null
);
create table customers_export_pages (
  export_id uuid not null,
  page integer not null,
  numbers integer[] not null,
  primary key (export_id, page)
);
