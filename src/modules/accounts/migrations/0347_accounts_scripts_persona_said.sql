-- one by one
-- serves: what is said in a situation to people of a kind
drop index concurrently if exists accounts_scripts_persona;
create index concurrently accounts_scripts_persona on accounts_scripts (situation, persona_tag_id)
  where retired_at is null and persona_tag_id is not null;
