-- What RFM looked like on each day, so that two days can be compared: who was where is not kept, only how many and their money.
create table orders_rfm_days (
  day int primary key,
  -- shop time at which everybody had been scored
  taken_at timestamptz not null,
  rule text collate "C" not null,
  recency bigint[] not null,
  frequency bigint[] not null,
  monetary bigint[] not null,
  customers bigint not null
);

-- At most fifty rows a day and member of staff: recency and frequency tell two letters of a segment, money the third.
create table orders_rfm_cells (
  day int not null,
  -- whose customers these were on that day; null: nobody's
  scope_id uuid,
  r smallint not null,
  f smallint not null,
  segment text collate "C" not null,
  customers bigint not null,
  gmv_fen bigint not null,
  -- serves: one day's cells, of everybody or of some members of staff
  unique nulls not distinct (day, scope_id, r, f, segment)
);
