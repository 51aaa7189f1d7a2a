-- one by one
-- What staff call a friend is how they look for them: found as names are, by its beginning, its pinyin or its initials.
-- Filled where a remark is written; a sync writes all of them anew.
alter table customers_contacts
  add column if not exists remark_pinyin text collate "C" not null default '',
  add column if not exists remark_initials text collate "C" not null default '';
-- serve: search by the beginning of a remark, its pinyin or initials
drop index concurrently if exists customers_contacts_remark;
create index concurrently customers_contacts_remark on customers_contacts ((remark collate "C")) where remark <> '';
drop index concurrently if exists customers_contacts_remark_pinyin;
create index concurrently customers_contacts_remark_pinyin on customers_contacts (remark_pinyin) where remark_pinyin <> '';
drop index concurrently if exists customers_contacts_remark_initials;
create index concurrently customers_contacts_remark_initials on customers_contacts (remark_initials) where remark_initials <> '';
