-- Answers to requests with a key are kept sealed from here on; those of the last day, kept openly, are forgotten.
DELETE FROM given_answer;

-- What people set for the whole pool: one row, or none while nobody has set anything.
CREATE TABLE pool_settings (
    id                  TEXT PRIMARY KEY CHECK (id = '00000000-0000-7000-8000-000000000001'),
    generation          INTEGER NOT NULL,
    trash_delay_seconds INTEGER NOT NULL,
    spare_after_seconds INTEGER
) WITHOUT ROWID, STRICT;

-- What a volume's legs are promised together, so that a quota is added up from an index alone. 4 MiB is the reserve of each leg of a mirror.
ALTER TABLE volume ADD COLUMN promised_bytes INTEGER NOT NULL DEFAULT 0;
UPDATE volume SET promised_bytes = CASE WHEN layout LIKE 'mirror-%' THEN CAST(substr(layout, 8) AS INTEGER) * (size_bytes + 4194304) ELSE size_bytes END;
DROP INDEX volume_project_id;
CREATE INDEX volume_project_id ON volume (project_id, promised_bytes);

-- Of a spare that was taken into service by itself: for which unit.
ALTER TABLE unit ADD COLUMN stands_in_for TEXT;
