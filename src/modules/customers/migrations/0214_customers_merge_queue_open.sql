-- one by one
drop index concurrently if exists customers_merge_queue_open;
-- serves: pairs that wait for a decision, oldest first
create index concurrently customers_merge_queue_open on customers_merge_queue (created_at, customer_id, other_id) where decided_at is null;
drop index concurrently if exists customers_merge_queue_certain;
-- serves: pairs that need none
create index concurrently customers_merge_queue_certain on customers_merge_queue (created_at, customer_id, other_id) where decided_at is null and certain;
