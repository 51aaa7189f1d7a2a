-- one by one
-- serves: the holds of one owner, when two become one and two again
drop index concurrently if exists ledger_holds_owner;
create index concurrently ledger_holds_owner on ledger_holds (owner);
