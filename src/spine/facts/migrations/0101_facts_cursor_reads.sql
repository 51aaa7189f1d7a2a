-- What each lane's reader reads, so that whoever asks how far it is behind counts no facts that are not for it.
alter table facts_cursors add column types text[] collate "C", add column origins "char"[];
