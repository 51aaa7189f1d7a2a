-- The cut points by which customers are scored between two nights, as thresholds times five: a score counts those that are
-- not above five times the value. One row a rule; `sums` are the score sums of all customers, for high and low.
create table orders_rfm_cuts (
  rule text collate "C" primary key check (rule in ('value', 'r')),
  day int not null,
  recency bigint[] not null,
  frequency bigint[] not null,
  monetary bigint[] not null,
  customers bigint not null,
  sum_r bigint not null,
  sum_f bigint not null,
  sum_m bigint not null
);

-- Published for conditions: what was bought, by line; an order without lines is one line of its own. Cancelled orders are none.
create view orders_bought as
  select o.customer_id, o.day, coalesce(l.sku, '') as sku, coalesce(l.name, '') as name,
    coalesce(l.category, '') as category, coalesce(l.kind, 'regular') as kind, coalesce(l.qty, 1) as qty,
    coalesce(l.fen, o.paid_fen) as fen
  from orders_orders o left join orders_lines l on l.customer_id = o.customer_id and l.order_id = o.order_id
  where o.cancelled_day is null;

-- serves: sums of a day or a range of days
create index orders_orders_day on orders_orders (day) include (paid_fen);
