-- one by one
-- serves: the list of orders by amount, either way and from any place
drop index concurrently if exists orders_orders_amount;
create index concurrently orders_orders_amount on orders_orders (paid_fen desc, order_id desc);
