-- How much an account said on a day, and how much of that sold something: the content mix of its function is measured by it.
create table accounts_said (
  account_id uuid not null,
  day integer not null,
  messages integer not null,
  selling integer not null,
  -- serves: what one account, or each of many, said in a week
  primary key (account_id, day)
);
