-- How each person left the desktop of the web OS; content is the shell's JSON.
CREATE TABLE desktop (
    id         TEXT PRIMARY KEY REFERENCES person (id) ON DELETE CASCADE,
    generation INTEGER NOT NULL,
    content    TEXT NOT NULL
) WITHOUT ROWID, STRICT;
