-- Rows that could not be read, moved aside whole so that the rest of the station starts; content is the INSERT that puts one back.
CREATE TABLE quarantined_row (
    id         TEXT PRIMARY KEY,
    generation INTEGER NOT NULL,
    table_name TEXT NOT NULL,
    row_id     TEXT NOT NULL,
    reason     TEXT NOT NULL,
    content    TEXT NOT NULL,
    at         INTEGER NOT NULL
) WITHOUT ROWID, STRICT;

-- Who does a work that only one may do; the epoch counts its holders and is asked for with each write.
CREATE TABLE lease (
    id         TEXT PRIMARY KEY,
    generation INTEGER NOT NULL,
    name       TEXT NOT NULL UNIQUE,
    holder     TEXT NOT NULL,
    epoch      INTEGER NOT NULL,
    expires_at INTEGER NOT NULL
) WITHOUT ROWID, STRICT;
