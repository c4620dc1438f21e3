-- How units describe themselves for kinds of service besides blocks; and the second kind, directories that are served as files.

ALTER TABLE unit ADD COLUMN services TEXT NOT NULL DEFAULT '[]';

-- No reference to project: the default one is there without a row.
CREATE TABLE share (
    id          TEXT PRIMARY KEY,
    generation  INTEGER NOT NULL,
    project_id  TEXT NOT NULL,
    name        TEXT NOT NULL,
    size_bytes  INTEGER NOT NULL,
    unit_id     TEXT NOT NULL REFERENCES unit (id),
    store_id    TEXT NOT NULL REFERENCES store (id),
    port        INTEGER NOT NULL,
    owner       TEXT NOT NULL,
    state       TEXT NOT NULL,
    created_at  INTEGER NOT NULL,
    certificate TEXT,
    key         TEXT NOT NULL GENERATED ALWAYS AS (project_id || '/' || name) VIRTUAL,
    UNIQUE (unit_id, port)
) WITHOUT ROWID, STRICT;
CREATE UNIQUE INDEX share_key ON share (key);
CREATE INDEX share_name ON share (name);
CREATE INDEX share_project_id ON share (project_id);
CREATE INDEX share_store_id ON share (store_id);

CREATE TABLE share_binding (
    id            TEXT PRIMARY KEY,
    generation    INTEGER NOT NULL,
    share_id      TEXT NOT NULL REFERENCES share (id),
    host_id       TEXT REFERENCES host (id),
    holder        TEXT NOT NULL,
    user_name     TEXT NOT NULL,
    password_hash TEXT NOT NULL,
    state         TEXT NOT NULL,
    created_at    INTEGER NOT NULL,
    UNIQUE (share_id, holder)
) WITHOUT ROWID, STRICT;
CREATE INDEX share_binding_host_id ON share_binding (host_id);
