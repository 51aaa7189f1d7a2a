-- What the company itself writes down of a person: its remark beside those that each account gave them, the birthday
-- (2001-05-20, or --05-20 where nobody told the year), and since when they agreed to be written to.
alter table customers_customers
  add column remark text collate "C" not null default '',
  add column remark_pinyin text collate "C" not null default '',
  add column remark_initials text collate "C" not null default '',
  add column birthday text collate "C",
  add column consented_at timestamptz;
