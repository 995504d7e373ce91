-- beside: all
-- An account that an admin has switched off: it cannot log in, and its logins have ended.
ALTER TABLE users ADD COLUMN disabled {int} NOT NULL DEFAULT 0;
