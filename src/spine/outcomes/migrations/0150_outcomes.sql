-- Money that came in, as credit is given for it; a row an order.
create table outcomes_orders (
  customer_id uuid not null,
  order_id uuid not null,
  paid_at timestamptz not null,
  paid_fen bigint not null check (paid_fen >= 0),
  refunded_fen bigint not null default 0,
  -- the code that the order itself names
  source_code text collate "C",
  primary key (customer_id, order_id)
);
-- Facts that changed an order, each once.
create table outcomes_seen (
  customer_id uuid not null,
  key text collate "C" not null,
  primary key (customer_id, key)
);

-- Who gets credit for an order, by model; the parts of one model add up to the order's money, before and after refunds.
create table outcomes_credits (
  customer_id uuid not null,
  order_id uuid not null,
  model text collate "C" not null check (model in ('first', 'last', 'even')),
  cause_kind text collate "C" not null,
  cause_id text collate "C" not null,
  paid_at timestamptz not null,
  touched_at timestamptz not null,
  fen bigint not null,
  net_fen bigint not null,
  primary key (customer_id, order_id, model, cause_kind, cause_id)
);
-- serves: what one send, play or code earned
create index outcomes_credits_cause on outcomes_credits (cause_kind, cause_id, model);
