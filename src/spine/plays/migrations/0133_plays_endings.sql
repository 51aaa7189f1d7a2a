-- A play that was ended for everybody in it, and how far that has come: a row a play, the last time it was ended.
create table plays_endings (
  play_id uuid primary key,
  began_at timestamptz not null,
  -- who was in it when it began, and how many of them are out by now
  people integer not null,
  ended integer not null default 0,
  -- the last customer gone over
  through uuid,
  done_at timestamptz
);
