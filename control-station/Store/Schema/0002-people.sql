-- Roles with scopes in place of one role; a second factor; sessions that can be told apart; tokens for machines.

ALTER TABLE person ADD COLUMN bindings TEXT NOT NULL DEFAULT '[]';
UPDATE person SET bindings = CASE role
    WHEN 'Administrator' THEN '["admin@all"]'
    WHEN 'Operator' THEN '["operator@all"]'
    ELSE '["viewer@all"]'
END;
ALTER TABLE person DROP COLUMN role;
ALTER TABLE person ADD COLUMN disabled INTEGER NOT NULL DEFAULT 0;
ALTER TABLE person ADD COLUMN totp_secret BLOB;
ALTER TABLE person ADD COLUMN totp_confirmed INTEGER NOT NULL DEFAULT 0;
ALTER TABLE person ADD COLUMN totp_last_step INTEGER NOT NULL DEFAULT 0;
ALTER TABLE person ADD COLUMN created_at INTEGER NOT NULL DEFAULT 0;

ALTER TABLE session ADD COLUMN peer TEXT NOT NULL DEFAULT '';
ALTER TABLE session ADD COLUMN created_at INTEGER NOT NULL DEFAULT 0;
CREATE INDEX session_person_id ON session (person_id);

CREATE TABLE access_token (
    id         TEXT PRIMARY KEY,
    generation INTEGER NOT NULL,
    name       TEXT NOT NULL UNIQUE,
    token_hash TEXT NOT NULL UNIQUE,
    bindings   TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    created_by TEXT NOT NULL
) WITHOUT ROWID, STRICT;

-- A pageful of one person's or one object's lines must not read the whole log.
CREATE INDEX audit_who ON audit (who, number);
CREATE INDEX audit_subject ON audit (subject, number);
