-- Answers to requests with a key are kept sealed from here on; those of the last day, kept openly, are forgotten.
DELETE FROM given_answer;

-- What people set for the whole pool: one row, or none while nobody has set anything.
CREATE TABLE pool_settings (
    id                  TEXT PRIMARY KEY CHECK (id = '00000000-0000-7000-8000-000000000001'),
    generation          INTEGER NOT NULL,
    trash_delay_seconds INTEGER NOT NULL
) WITHOUT ROWID, STRICT;
