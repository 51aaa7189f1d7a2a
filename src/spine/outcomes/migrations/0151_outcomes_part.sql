-- Which part of a cause an order followed: of a play the version and step that reached the person. Null for causes of one piece.
alter table outcomes_credits add column cause_part text collate "C";
