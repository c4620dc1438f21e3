-- Operations of any kind, with their locks and what they wait for. Those of the earlier form are dropped: they named one unit and one
-- mapping, and nothing can go on from that.
DROP TABLE operation;

-- No references: an operation outlives the object it removed.
CREATE TABLE operation (
    id                 TEXT PRIMARY KEY,
    generation         INTEGER NOT NULL,
    kind               TEXT NOT NULL,
    title              TEXT NOT NULL,
    state              TEXT NOT NULL,
    phase              TEXT NOT NULL,
    steps              TEXT NOT NULL,
    locks              TEXT NOT NULL,
    subject_id         TEXT NOT NULL,
    requested_by       TEXT NOT NULL,
    undoing            INTEGER NOT NULL,
    point_of_no_return TEXT,
    failure            TEXT,
    wait               TEXT,
    progress           TEXT,
    remains            TEXT,
    created_at         INTEGER NOT NULL,
    ended_at           INTEGER
) WITHOUT ROWID, STRICT;
CREATE INDEX operation_state ON operation (state);
CREATE INDEX operation_subject_id ON operation (subject_id);

-- No reference: an epoch is never given twice, even to a unit that was forgotten and came back.
CREATE TABLE unit_fence (
    id         TEXT PRIMARY KEY,
    generation INTEGER NOT NULL,
    epoch      INTEGER NOT NULL
) WITHOUT ROWID, STRICT;

-- What units that were away still keep of removed volumes. No references: it outlives the volume and its leg.
CREATE TABLE leftover (
    id                 TEXT PRIMARY KEY,
    generation         INTEGER NOT NULL,
    unit_id            TEXT NOT NULL,
    store_id           TEXT NOT NULL,
    size_bytes         INTEGER NOT NULL,
    gone_at_generation INTEGER NOT NULL
) WITHOUT ROWID, STRICT;
CREATE INDEX leftover_unit_id ON leftover (unit_id);
CREATE INDEX lun_tombstone_unit_id ON lun_tombstone (unit_id);
