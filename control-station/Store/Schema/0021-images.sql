-- Versions of the appliance's image; the files lie in the folder images of the state directory, named after their digests.
CREATE TABLE appliance_image (
    id         TEXT PRIMARY KEY,
    generation INTEGER NOT NULL,
    version    TEXT NOT NULL UNIQUE,
    digest     TEXT NOT NULL UNIQUE,
    size_bytes INTEGER NOT NULL,
    signer     TEXT NOT NULL,
    added_by   TEXT NOT NULL,
    added_at   INTEGER NOT NULL
) WITHOUT ROWID, STRICT;

-- Units on their way to another image.
CREATE TABLE unit_update (
    id         TEXT PRIMARY KEY REFERENCES unit (id) ON DELETE CASCADE,
    generation INTEGER NOT NULL,
    image_id   TEXT NOT NULL REFERENCES appliance_image (id),
    restart    INTEGER NOT NULL
) WITHOUT ROWID, STRICT;
CREATE INDEX unit_update_image_id ON unit_update (image_id);
