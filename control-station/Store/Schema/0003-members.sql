-- The life of members: labels, cordon, and what stays when one is forgotten.

ALTER TABLE unit ADD COLUMN labels TEXT NOT NULL DEFAULT '{}';
ALTER TABLE unit ADD COLUMN cordoned INTEGER NOT NULL DEFAULT 0;
ALTER TABLE token ADD COLUMN labels TEXT NOT NULL DEFAULT '{}';

-- No references: a tombstone outlives its unit and its store.
CREATE TABLE unit_tombstone (
    id                TEXT PRIMARY KEY,
    generation        INTEGER NOT NULL,
    name              TEXT NOT NULL,
    key_hash          TEXT NOT NULL,
    wanted_generation INTEGER NOT NULL,
    forgotten_at      INTEGER NOT NULL
) WITHOUT ROWID, STRICT;

CREATE TABLE leg_tombstone (
    id          TEXT PRIMARY KEY,
    generation  INTEGER NOT NULL,
    unit_id     TEXT NOT NULL,
    store_id    TEXT NOT NULL,
    volume_name TEXT NOT NULL,
    size_bytes  INTEGER NOT NULL,
    left_at     INTEGER NOT NULL
) WITHOUT ROWID, STRICT;
CREATE INDEX leg_tombstone_unit_id ON leg_tombstone (unit_id);

-- A disk that was given to the pool: the unit makes a store of it that has the claim's identity.
CREATE TABLE disk_claim (
    id           TEXT PRIMARY KEY,
    generation   INTEGER NOT NULL,
    unit_id      TEXT NOT NULL REFERENCES unit (id),
    disk_id      TEXT NOT NULL,
    model        TEXT NOT NULL,
    size_bytes   INTEGER NOT NULL,
    claimed_by   TEXT NOT NULL,
    claimed_at   INTEGER NOT NULL,
    UNIQUE (unit_id, disk_id)
) WITHOUT ROWID, STRICT;

-- Which blank disks are claimed without being asked for.
CREATE TABLE claim_rule (
    id             TEXT PRIMARY KEY,
    generation     INTEGER NOT NULL,
    name           TEXT NOT NULL UNIQUE,
    media          TEXT,
    model          TEXT,
    size_bytes_min INTEGER,
    size_bytes_max INTEGER,
    labels         TEXT NOT NULL,
    created_by     TEXT NOT NULL,
    created_at     INTEGER NOT NULL
) WITHOUT ROWID, STRICT;
