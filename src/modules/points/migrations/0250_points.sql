-- One row a customer who ever had points: what every change of them locks first.
create table points_accounts (
  customer_id uuid primary key
);

-- Points that came together and expire together. `lot` is the posting that brought them; what is left of all lots of a
-- customer is the balance in the ledger. A lot is valid on days before expires_day (Shanghai day number); null never expires.
create table points_lots (
  customer_id uuid not null,
  lot uuid not null,
  points integer not null check (points > 0),
  left_points integer not null check (left_points between 0 and points),
  expires_day integer,
  rule text collate "C" not null,
  primary key (customer_id, lot)
);
-- serves: whose points expire by a day
create index points_lots_due on points_lots (expires_day, customer_id) where left_points > 0;

-- Which lots a spending or a hold was taken from, so that points given back keep their days.
create table points_takes (
  customer_id uuid not null,
  posting uuid not null,
  lot uuid not null,
  points integer not null check (points >= 0),
  primary key (customer_id, posting, lot)
);

-- What a rule gave a customer on a day; kept for rules that have a daily limit.
create table points_rule_days (
  customer_id uuid not null,
  rule text collate "C" not null,
  day integer not null,
  points integer not null,
  primary key (customer_id, rule, day)
);

-- What a rule gave in a month (2026-11); kept for rules that have a budget.
create table points_rule_months (
  rule text collate "C" not null,
  month text collate "C" not null,
  points bigint not null,
  primary key (rule, month)
);

-- Money of orders that earns points: one row a fact, so that a fact read twice counts once. Money that went back is negative.
create table points_order_money (
  customer_id uuid not null,
  order_id uuid not null,
  fact bigint not null,
  fen bigint not null,
  points_per_yuan integer not null,
  primary key (customer_id, order_id, fact)
);

-- What an order earned, and how much of it was taken back.
create table points_order_earnings (
  customer_id uuid not null,
  order_id uuid not null,
  posting uuid not null,
  points integer not null check (points > 0),
  reversed integer not null default 0 check (reversed between 0 and points),
  primary key (customer_id, order_id, posting)
);
