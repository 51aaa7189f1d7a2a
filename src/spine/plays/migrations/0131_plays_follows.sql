-- Up to where a play that lets in whoever comes to match has looked: it goes on from there, whoever works. `round` counts looks that
-- found somebody and names what let them in.
create table plays_follows (
  play_id uuid primary key,
  version integer not null,
  position pg_snapshot not null,
  day integer not null,
  round integer not null default 0
);
