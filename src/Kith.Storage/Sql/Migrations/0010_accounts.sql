-- beside: none
-- The address folded for comparison; people may log in with it.
ALTER TABLE users ADD COLUMN email_key {text:320};
CREATE UNIQUE INDEX users_by_email ON users (email_key);

-- What a person logs in with. No row: a bot, or an account that was made without a password. totp_secret is set while two-factor login is on;
-- totp_step is the newest time step whose code was taken, so that none is taken twice.
CREATE TABLE credentials (
    user_id {id} PRIMARY KEY,
    password_hash {text},
    totp_secret {text:64},
    totp_step {id} NOT NULL
);

-- Hashes only; a used one stays, so that the list shows it.
CREATE TABLE recovery_codes (
    user_id {id} NOT NULL,
    code_hash {text:64} NOT NULL,
    position {int} NOT NULL,
    consumed {int} NOT NULL,
    PRIMARY KEY (user_id, code_hash)
) {clustered};

CREATE TABLE auth_sessions (
    id {id} PRIMARY KEY,
    user_id {id} NOT NULL,
    created_at {time} NOT NULL,
    last_used_at {time} NOT NULL,
    address {text:64},
    user_agent {text:256}
);
CREATE INDEX auth_sessions_by_user ON auth_sessions (user_id);

-- What happens once in an instance's life: 'first_admin' is claimed by the first account.
CREATE TABLE instance_claims (
    name {text:32} PRIMARY KEY,
    holder {id} NOT NULL
);

-- Made by an admin for registrations by invitation. uses_left counts down.
CREATE TABLE registration_codes (
    code {text:32} PRIMARY KEY,
    created_by {id} NOT NULL,
    created_at {time} NOT NULL,
    expires_at {time},
    uses_left {int} NOT NULL
);
