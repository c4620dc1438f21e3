-- A volume has one or many legs, and a mapping maps each of them.
-- The tables with references to volume are made anew before the old volume table goes.

ALTER TABLE unit ADD COLUMN weight INTEGER NOT NULL DEFAULT 100;
ALTER TABLE store ADD COLUMN media TEXT;

CREATE TABLE project (
    id            TEXT PRIMARY KEY,
    generation    INTEGER NOT NULL,
    name          TEXT NOT NULL UNIQUE,
    quota_bytes   INTEGER,
    quota_volumes INTEGER,
    created_at    INTEGER NOT NULL
) WITHOUT ROWID, STRICT;

CREATE TABLE policy (
    id                TEXT PRIMARY KEY,
    generation        INTEGER NOT NULL,
    name              TEXT NOT NULL UNIQUE,
    layout            TEXT NOT NULL,
    domain            TEXT NOT NULL,
    media             TEXT,
    thin              INTEGER NOT NULL,
    overcommit_ratio  REAL NOT NULL,
    qos               TEXT,
    snapshot_schedule TEXT,
    created_at        INTEGER NOT NULL
) WITHOUT ROWID, STRICT;

-- Only what is wrong now; the events tell what was.
CREATE TABLE alarm (
    id         TEXT PRIMARY KEY,
    generation INTEGER NOT NULL,
    kind       TEXT NOT NULL,
    subject    TEXT NOT NULL,
    severity   TEXT NOT NULL,
    message    TEXT NOT NULL,
    raised_at  INTEGER NOT NULL,
    key        TEXT NOT NULL GENERATED ALWAYS AS (kind || ' ' || subject) VIRTUAL
) WITHOUT ROWID, STRICT;
CREATE UNIQUE INDEX alarm_key ON alarm (key);

ALTER TABLE volume RENAME TO volume_before;
ALTER TABLE leg RENAME TO leg_before;
ALTER TABLE mapping RENAME TO mapping_before;

-- No reference to project: the default one is there without a row. A name is free again once its volume is in the trash.
CREATE TABLE volume (
    id               TEXT PRIMARY KEY,
    generation       INTEGER NOT NULL,
    project_id       TEXT NOT NULL,
    name             TEXT NOT NULL,
    layout           TEXT NOT NULL,
    size_bytes       INTEGER NOT NULL,
    block_size_bytes INTEGER NOT NULL,
    thin             INTEGER NOT NULL,
    owner            TEXT NOT NULL,
    state            TEXT NOT NULL,
    created_at       INTEGER NOT NULL,
    policy_id        TEXT,
    qos              TEXT,
    purge_at         INTEGER,
    live_name        TEXT GENERATED ALWAYS AS (CASE WHEN purge_at IS NULL THEN name END) VIRTUAL,
    key              TEXT NOT NULL GENERATED ALWAYS AS (project_id || '/' || name || CASE WHEN purge_at IS NULL THEN '' ELSE '/' || id END) VIRTUAL
) WITHOUT ROWID, STRICT;
INSERT INTO volume (id, generation, project_id, name, layout, size_bytes, block_size_bytes, thin, owner, state, created_at)
    SELECT id, generation, '00000000-0000-7000-8000-000000000001', name, 'single', size_bytes, block_size_bytes, thin, '', state, created_at FROM volume_before;

CREATE TABLE leg (
    id         TEXT PRIMARY KEY,
    generation INTEGER NOT NULL,
    volume_id  TEXT NOT NULL REFERENCES volume (id),
    unit_id    TEXT NOT NULL REFERENCES unit (id),
    store_id   TEXT NOT NULL REFERENCES store (id),
    position   INTEGER NOT NULL,
    role       TEXT NOT NULL,
    size_bytes INTEGER NOT NULL
) WITHOUT ROWID, STRICT;
INSERT INTO leg SELECT id, generation, volume_id, unit_id, store_id, 0, 'Whole', size_bytes FROM leg_before;

CREATE TABLE mapping (
    id         TEXT PRIMARY KEY,
    generation INTEGER NOT NULL,
    volume_id  TEXT NOT NULL REFERENCES volume (id),
    host_id    TEXT NOT NULL REFERENCES host (id),
    read_only  INTEGER NOT NULL,
    state      TEXT NOT NULL,
    UNIQUE (volume_id, host_id)
) WITHOUT ROWID, STRICT;
INSERT INTO mapping SELECT id, generation, volume_id, host_id, read_only, state FROM mapping_before;

CREATE TABLE mapped_leg (
    id         TEXT PRIMARY KEY,
    generation INTEGER NOT NULL,
    mapping_id TEXT NOT NULL REFERENCES mapping (id),
    leg_id     TEXT NOT NULL REFERENCES leg (id),
    host_id    TEXT NOT NULL REFERENCES host (id),
    unit_id    TEXT NOT NULL REFERENCES unit (id),
    lun        INTEGER NOT NULL,
    UNIQUE (mapping_id, leg_id),
    UNIQUE (host_id, unit_id, lun)
) WITHOUT ROWID, STRICT;
INSERT INTO mapped_leg
    SELECT mapping_before.id, 1, mapping_before.id, leg_before.id, host_id, mapping_before.unit_id, lun
    FROM mapping_before JOIN leg_before ON leg_before.volume_id = mapping_before.volume_id;

DROP TABLE mapping_before;
DROP TABLE leg_before;
DROP TABLE volume_before;

CREATE UNIQUE INDEX volume_key ON volume (key);
CREATE INDEX volume_live_name ON volume (live_name);
CREATE INDEX volume_project_id ON volume (project_id);
CREATE INDEX volume_state ON volume (state);
CREATE INDEX leg_volume_id ON leg (volume_id);
CREATE INDEX leg_unit_id ON leg (unit_id);
CREATE INDEX leg_store_id ON leg (store_id);
CREATE INDEX mapping_host_id ON mapping (host_id);
CREATE INDEX mapped_leg_mapping_id ON mapped_leg (mapping_id);
CREATE INDEX mapped_leg_leg_id ON mapped_leg (leg_id);
CREATE INDEX mapped_leg_unit_id ON mapped_leg (unit_id);
