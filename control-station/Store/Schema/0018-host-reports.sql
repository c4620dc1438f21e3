-- What a host's agent said last of its volumes; content is JSON of the API.
CREATE TABLE host_report (
    id          TEXT PRIMARY KEY REFERENCES host (id) ON DELETE CASCADE,
    generation  INTEGER NOT NULL,
    reported_at INTEGER NOT NULL,
    content     TEXT NOT NULL
) WITHOUT ROWID, STRICT;
