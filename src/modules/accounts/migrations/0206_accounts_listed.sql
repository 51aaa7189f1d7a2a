-- Whether the channel's directory has told of the account; one met through a customer first is used at once and named later.
alter table accounts_accounts add column listed boolean not null default true;
