-- A leg of a mirror that its host exchanges for another; the row is gone when the one that goes is.
CREATE TABLE leg_replacement (
    id          TEXT PRIMARY KEY,
    generation  INTEGER NOT NULL,
    volume_id   TEXT NOT NULL,
    outgoing_id TEXT NOT NULL,
    state       TEXT NOT NULL,
    leaving_id  TEXT
) WITHOUT ROWID, STRICT;
CREATE INDEX leg_replacement_volume_id ON leg_replacement (volume_id);
CREATE INDEX leg_replacement_outgoing_id ON leg_replacement (outgoing_id);
