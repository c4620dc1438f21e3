-- Hashes of the codes that stand in for a person's authenticator, those not used yet, as JSON.
ALTER TABLE person ADD COLUMN totp_recovery TEXT NOT NULL DEFAULT '[]';
