-- Published for the search of customers: who has a tag. Served by tags_assignments_tag.
create view tags_worn as select customer_id, tag_id from tags_assignments;
