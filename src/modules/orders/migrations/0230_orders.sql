-- Where orders come from: the shop, or the name given at an import. Kept short in every row of ten millions.
create table orders_sources (
  source_id int generated always as identity primary key,
  name text collate "C" not null unique
);

-- An order that was paid. Its identity is its source with its number, or with its line in the file where there is none.
create table orders_orders (
  customer_id uuid not null,
  paid_at timestamptz not null,
  order_id uuid not null,
  source_id int not null,
  line int,
  day int not null,
  -- from this day on a cancelled order counts as no order
  cancelled_day int,
  paid_fen bigint not null check (paid_fen >= 0),
  refunded_fen bigint not null default 0,
  points_used int not null default 0,
  coupon_fen bigint not null default 0,
  shipping_fen bigint not null default 0,
  lead_only boolean not null default false,
  order_no text collate "C",
  source_code text collate "C",
  -- serves: one customer's orders, newest first, and counting a customer again
  primary key (customer_id, paid_at, order_id),
  check ((order_no is null) <> (line is null))
);
-- serves: has this order number come in before; that no second customer holds it is kept by the source's lock
create unique index orders_orders_number on orders_orders (source_id, order_no, customer_id) where order_no is not null;
-- serves: has this line of this file come in before
create unique index orders_orders_line on orders_orders (source_id, line, customer_id) where order_no is null;
-- serves: the list of orders, newest first, and sums by day
create index orders_orders_time on orders_orders (paid_at desc, order_id desc);

create table orders_lines (
  customer_id uuid not null,
  order_id uuid not null,
  n int not null,
  qty int not null,
  fen bigint not null,
  kind text collate "C" not null,
  sku text collate "C" not null,
  name text not null,
  category text not null,
  -- serves: the lines of an order
  primary key (customer_id, order_id, n)
);

create table orders_refunds (
  customer_id uuid not null,
  refund_id uuid not null,
  order_id uuid,
  source_id int not null,
  at timestamptz not null,
  day int not null,
  refund_fen bigint not null check (refund_fen > 0),
  cancellation boolean not null default false,
  order_no text collate "C" not null,
  refund_no text collate "C" not null,
  -- serves: one customer's refunds
  primary key (customer_id, refund_id)
);
-- serves: has this refund come in before
create unique index orders_refunds_number on orders_refunds (source_id, refund_no, customer_id);
-- serves: refunds of a day, for net GMV
create index orders_refunds_day on orders_refunds (day);

-- Kept in the transaction of every change: what RFM, classes and profiles ask of a customer's orders.
create table orders_by_customer (
  customer_id uuid primary key,
  -- orders that count: paid, not cancelled
  order_count int not null default 0,
  -- of those, orders with more than lead products in them
  goods_count int not null default 0,
  first_day int,
  last_day int,
  goods_first_day int,
  goods_last_day int,
  -- the last day on which anything happened: kept figures are those of every day from this one on
  moved_day int not null,
  gmv_fen bigint not null default 0,
  refund_fen bigint not null default 0,
  last_paid_fen bigint,
  last_paid_at timestamptz,
  -- the customer as the file or the shop first named it; RFM prints it and breaks ties by it
  name_in_source text collate "C" not null,
  named_by_import boolean not null default false
);
