-- A leg on its way to another unit; the row is gone when the unit that is left is rid of it.
CREATE TABLE leg_move (
    id               TEXT PRIMARY KEY,
    generation       INTEGER NOT NULL,
    volume_id        TEXT NOT NULL,
    from_unit_id     TEXT NOT NULL,
    from_store_id    TEXT NOT NULL,
    to_unit_id       TEXT NOT NULL,
    to_store_id      TEXT NOT NULL,
    size_bytes       INTEGER NOT NULL,
    protected_secret BLOB NOT NULL,
    state            TEXT NOT NULL
) WITHOUT ROWID, STRICT;
CREATE INDEX leg_move_volume_id ON leg_move (volume_id);
CREATE INDEX leg_move_from_unit_id ON leg_move (from_unit_id);
CREATE INDEX leg_move_to_unit_id ON leg_move (to_unit_id);
