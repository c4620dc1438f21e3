-- Identities are text (36 characters), times are UTC ticks (100 ns), lists are JSON, enums are their names.
-- Every table has its identity first and its generation second.

CREATE TABLE unit (
    id                TEXT PRIMARY KEY,
    generation        INTEGER NOT NULL,
    name              TEXT NOT NULL UNIQUE,
    phase             TEXT NOT NULL,
    key_hash          TEXT NOT NULL UNIQUE,
    short_code        TEXT NOT NULL,
    serial_number     TEXT NOT NULL,
    image_version     TEXT NOT NULL,
    addresses         TEXT NOT NULL,
    portals           TEXT NOT NULL,
    wanted_generation INTEGER NOT NULL,
    enrolled_at       INTEGER NOT NULL,
    join_milliseconds INTEGER
) WITHOUT ROWID, STRICT;
CREATE INDEX unit_phase ON unit (phase);

CREATE TABLE store (
    id             TEXT PRIMARY KEY,
    generation     INTEGER NOT NULL,
    unit_id        TEXT NOT NULL REFERENCES unit (id),
    name           TEXT NOT NULL,
    capacity_bytes INTEGER NOT NULL,
    free_bytes     INTEGER NOT NULL,
    promised_bytes INTEGER NOT NULL CHECK (promised_bytes >= 0)
) WITHOUT ROWID, STRICT;
CREATE INDEX store_unit_id ON store (unit_id);

CREATE TABLE token (
    id           TEXT PRIMARY KEY,
    generation   INTEGER NOT NULL,
    code         TEXT NOT NULL UNIQUE,
    proof_key    BLOB NOT NULL,
    auto_approve INTEGER NOT NULL,
    uses_max     INTEGER NOT NULL,
    uses_left    INTEGER NOT NULL CHECK (uses_left >= 0),
    created_at   INTEGER NOT NULL,
    expires_at   INTEGER NOT NULL,
    created_by   TEXT NOT NULL
) WITHOUT ROWID, STRICT;

CREATE TABLE host (
    id             TEXT PRIMARY KEY,
    generation     INTEGER NOT NULL,
    name           TEXT NOT NULL UNIQUE,
    initiator_name TEXT NOT NULL UNIQUE,
    created_at     INTEGER NOT NULL
) WITHOUT ROWID, STRICT;

CREATE TABLE credential (
    id               TEXT PRIMARY KEY,
    generation       INTEGER NOT NULL,
    host_id          TEXT NOT NULL REFERENCES host (id),
    unit_id          TEXT NOT NULL REFERENCES unit (id),
    user_name        TEXT NOT NULL,
    protected_secret BLOB NOT NULL,
    UNIQUE (host_id, unit_id)
) WITHOUT ROWID, STRICT;
CREATE INDEX credential_unit_id ON credential (unit_id);

CREATE TABLE volume (
    id               TEXT PRIMARY KEY,
    generation       INTEGER NOT NULL,
    name             TEXT NOT NULL UNIQUE,
    size_bytes       INTEGER NOT NULL,
    block_size_bytes INTEGER NOT NULL,
    thin             INTEGER NOT NULL,
    state            TEXT NOT NULL,
    created_at       INTEGER NOT NULL
) WITHOUT ROWID, STRICT;

CREATE TABLE leg (
    id         TEXT PRIMARY KEY,
    generation INTEGER NOT NULL,
    volume_id  TEXT NOT NULL REFERENCES volume (id),
    unit_id    TEXT NOT NULL REFERENCES unit (id),
    store_id   TEXT NOT NULL REFERENCES store (id),
    size_bytes INTEGER NOT NULL
) WITHOUT ROWID, STRICT;
CREATE INDEX leg_volume_id ON leg (volume_id);
CREATE INDEX leg_unit_id ON leg (unit_id);
CREATE INDEX leg_store_id ON leg (store_id);

CREATE TABLE mapping (
    id         TEXT PRIMARY KEY,
    generation INTEGER NOT NULL,
    volume_id  TEXT NOT NULL REFERENCES volume (id),
    host_id    TEXT NOT NULL REFERENCES host (id),
    unit_id    TEXT NOT NULL REFERENCES unit (id),
    lun        INTEGER NOT NULL,
    read_only  INTEGER NOT NULL,
    state      TEXT NOT NULL,
    UNIQUE (volume_id, host_id),
    UNIQUE (host_id, unit_id, lun)
) WITHOUT ROWID, STRICT;
CREATE INDEX mapping_unit_id ON mapping (unit_id);

-- No references: a number rests even when its host or unit is forgotten and comes back.
CREATE TABLE lun_tombstone (
    id         TEXT PRIMARY KEY,
    generation INTEGER NOT NULL,
    host_id    TEXT NOT NULL,
    unit_id    TEXT NOT NULL,
    lun        INTEGER NOT NULL,
    freed_at   INTEGER NOT NULL
) WITHOUT ROWID, STRICT;
CREATE INDEX lun_tombstone_host_id ON lun_tombstone (host_id);

-- No references: an operation outlives the object it removed.
CREATE TABLE operation (
    id              TEXT PRIMARY KEY,
    generation      INTEGER NOT NULL,
    kind            TEXT NOT NULL,
    title           TEXT NOT NULL,
    state           TEXT NOT NULL,
    phase           TEXT NOT NULL,
    steps           TEXT NOT NULL,
    subject_id      TEXT NOT NULL,
    mapping_id      TEXT,
    unit_id         TEXT NOT NULL,
    unit_generation INTEGER NOT NULL,
    requested_by    TEXT NOT NULL,
    failure         TEXT,
    created_at      INTEGER NOT NULL,
    ended_at        INTEGER
) WITHOUT ROWID, STRICT;
CREATE INDEX operation_state ON operation (state);
CREATE INDEX operation_subject_id ON operation (subject_id);

CREATE TABLE person (
    id            TEXT PRIMARY KEY,
    generation    INTEGER NOT NULL,
    user_name     TEXT NOT NULL UNIQUE,
    role          TEXT NOT NULL,
    password_hash TEXT NOT NULL
) WITHOUT ROWID, STRICT;

CREATE TABLE session (
    id         TEXT PRIMARY KEY,
    generation INTEGER NOT NULL,
    token_hash TEXT NOT NULL UNIQUE,
    person_id  TEXT NOT NULL REFERENCES person (id),
    expires_at INTEGER NOT NULL
) WITHOUT ROWID, STRICT;

CREATE TABLE given_answer (
    id           TEXT PRIMARY KEY,
    generation   INTEGER NOT NULL,
    key          TEXT NOT NULL UNIQUE,
    request_hash TEXT NOT NULL,
    answer       TEXT NOT NULL,
    created_at   INTEGER NOT NULL
) WITHOUT ROWID, STRICT;

CREATE TABLE event (
    number  INTEGER PRIMARY KEY AUTOINCREMENT,
    at      INTEGER NOT NULL,
    kind    TEXT NOT NULL,
    subject TEXT NOT NULL,
    message TEXT NOT NULL
) STRICT;

CREATE TABLE audit (
    number  INTEGER PRIMARY KEY,
    at      INTEGER NOT NULL,
    who     TEXT NOT NULL,
    action  TEXT NOT NULL,
    subject TEXT NOT NULL,
    outcome TEXT NOT NULL,
    hash    TEXT NOT NULL
) STRICT;
