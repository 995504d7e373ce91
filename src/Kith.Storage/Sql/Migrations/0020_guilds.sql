-- beside: none
-- Maintained with every join and leave, so that a count is one row whatever the size of the guild.
ALTER TABLE guilds ADD COLUMN member_count {int} NOT NULL DEFAULT 0;

-- The nick folded for comparison, for search by prefix.
ALTER TABLE members ADD COLUMN nick_key {text:64};
CREATE INDEX members_by_nick ON members (guild_id, nick_key);

CREATE TABLE bans (
    guild_id {id} NOT NULL,
    user_id {id} NOT NULL,
    reason {text},
    PRIMARY KEY (guild_id, user_id)
) {clustered};

-- max_age in seconds, 0: for good; expires_at is then null. max_uses 0: without limit.
CREATE TABLE invites (
    code {text:32} PRIMARY KEY,
    guild_id {id} NOT NULL,
    channel_id {id} NOT NULL,
    inviter_id {id} NOT NULL,
    created_at {time} NOT NULL,
    expires_at {time},
    max_age {int} NOT NULL,
    max_uses {int} NOT NULL,
    uses {int} NOT NULL,
    temporary {int} NOT NULL
) {clustered};
CREATE INDEX invites_by_guild ON invites (guild_id);
CREATE INDEX invites_by_channel ON invites (channel_id);

CREATE TABLE audit_log (
    guild_id {id} NOT NULL,
    id {id} NOT NULL,
    user_id {id},
    target_id {id},
    action_type {int} NOT NULL,
    changes {text},
    options {text},
    reason {text},
    PRIMARY KEY (guild_id, id)
) {clustered};
CREATE INDEX audit_log_by_user ON audit_log (guild_id, user_id, id);
CREATE INDEX audit_log_by_action ON audit_log (guild_id, action_type, id);
CREATE INDEX audit_log_by_target ON audit_log (guild_id, target_id, id);
