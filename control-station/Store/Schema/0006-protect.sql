-- Snapshots: a volume as it was, and the copies of its legs on their units.

ALTER TABLE leg ADD COLUMN origin_id TEXT;

CREATE TABLE snapshot (
    id          TEXT PRIMARY KEY,
    generation  INTEGER NOT NULL,
    volume_id   TEXT NOT NULL REFERENCES volume (id),
    group_id    TEXT NOT NULL,
    name        TEXT NOT NULL,
    state       TEXT NOT NULL,
    schedule_id TEXT,
    created_at  INTEGER NOT NULL,
    taken_at    INTEGER,
    UNIQUE (volume_id, name)
) WITHOUT ROWID, STRICT;
CREATE INDEX snapshot_group_id ON snapshot (group_id);

CREATE TABLE snapshot_leg (
    id             TEXT PRIMARY KEY,
    generation     INTEGER NOT NULL,
    snapshot_id    TEXT NOT NULL REFERENCES snapshot (id),
    leg_id         TEXT NOT NULL,
    unit_id        TEXT NOT NULL REFERENCES unit (id),
    store_id       TEXT NOT NULL REFERENCES store (id),
    size_bytes     INTEGER NOT NULL,
    promised_bytes INTEGER NOT NULL CHECK (promised_bytes >= 0)
) WITHOUT ROWID, STRICT;
CREATE INDEX snapshot_leg_snapshot_id ON snapshot_leg (snapshot_id);
CREATE INDEX snapshot_leg_unit_id ON snapshot_leg (unit_id);

CREATE TABLE snapshot_schedule (
    id         TEXT PRIMARY KEY,
    generation INTEGER NOT NULL,
    name       TEXT NOT NULL UNIQUE,
    hourly     INTEGER NOT NULL,
    daily      INTEGER NOT NULL,
    weekly     INTEGER NOT NULL,
    monthly    INTEGER NOT NULL,
    minute     INTEGER NOT NULL,
    hour       INTEGER NOT NULL,
    one_moment INTEGER NOT NULL,
    volume_ids TEXT NOT NULL,
    last_slot  INTEGER NOT NULL
) WITHOUT ROWID, STRICT;

-- Hosts that ask by themselves, and secrets that are replaced.

ALTER TABLE host ADD COLUMN rotate_every_days INTEGER;
ALTER TABLE credential ADD COLUMN protected_target_secret BLOB;
ALTER TABLE credential ADD COLUMN rotation TEXT;
ALTER TABLE credential ADD COLUMN made_at INTEGER NOT NULL DEFAULT 0;

CREATE TABLE host_quota (
    id          TEXT PRIMARY KEY,
    generation  INTEGER NOT NULL,
    bytes_max   INTEGER NOT NULL,
    volumes_max INTEGER NOT NULL
) WITHOUT ROWID, STRICT;

CREATE TABLE host_volume (
    id         TEXT PRIMARY KEY,
    generation INTEGER NOT NULL,
    host_id    TEXT NOT NULL
) WITHOUT ROWID, STRICT;
CREATE INDEX host_volume_host_id ON host_volume (host_id);

CREATE TABLE maintenance (
    id         TEXT PRIMARY KEY,
    generation INTEGER NOT NULL,
    since      INTEGER NOT NULL,
    begun_by   TEXT NOT NULL,
    reason     TEXT NOT NULL
) WITHOUT ROWID, STRICT;
