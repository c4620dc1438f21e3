-- Hosts that join by themselves, and the tokens that admit them.

ALTER TABLE token ADD COLUMN for_hosts INTEGER NOT NULL DEFAULT 0;
ALTER TABLE token ADD COLUMN host_id TEXT;

CREATE TABLE host_member (
    id          TEXT PRIMARY KEY,
    generation  INTEGER NOT NULL,
    host_id     TEXT NOT NULL UNIQUE REFERENCES host (id),
    key_hash    TEXT NOT NULL UNIQUE,
    enrolled_at INTEGER NOT NULL
) WITHOUT ROWID, STRICT;
