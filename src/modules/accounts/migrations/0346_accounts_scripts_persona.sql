-- Scripts for kinds of people: a tag of the persona groups, by its id. A line without a function is shared by the accounts of all.
alter table accounts_scripts add column persona_tag_id uuid;
alter table accounts_scripts alter column function drop not null;
