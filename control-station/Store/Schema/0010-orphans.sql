-- A kept leg that a person gave up: once the unit keeps it by its document, the next document drops it, and the unit deletes it.
ALTER TABLE leg_tombstone ADD COLUMN discard INTEGER NOT NULL DEFAULT 0;
