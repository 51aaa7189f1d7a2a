-- In a small team one account plays several functions: those beside its own.
alter table accounts_accounts add column also_functions text[] not null default '{}';
