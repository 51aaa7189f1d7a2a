-- one by one
-- serves: who became part of a customer
drop index concurrently if exists customers_merges_into;
create index concurrently customers_merges_into on customers_merges (into_id);
-- serves: pairs of a customer who stands second in them
drop index concurrently if exists customers_merge_queue_other;
create index concurrently customers_merge_queue_other on customers_merge_queue (other_id);
