-- What people post to each other; audience as everyone, role:NAME or user:NAME.
CREATE TABLE post (
    id           TEXT PRIMARY KEY,
    generation   INTEGER NOT NULL,
    author       TEXT NOT NULL,
    audience     TEXT NOT NULL,
    is_task      INTEGER NOT NULL,
    text         TEXT NOT NULL,
    subject      TEXT,
    subject_name TEXT,
    posted_at    INTEGER NOT NULL,
    done_by      TEXT,
    done_at      INTEGER
) WITHOUT ROWID, STRICT;
CREATE INDEX post_author ON post (author);
CREATE INDEX post_audience ON post (audience);
