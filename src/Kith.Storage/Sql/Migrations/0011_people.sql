-- beside: none
-- What one user is to another: 1 friend, 2 blocked, 3 incoming, 4 outgoing. A friendship and a request are two rows, a block is one.
CREATE TABLE relationships (
    user_id {id} NOT NULL,
    other_id {id} NOT NULL,
    type {int} NOT NULL,
    nickname {text:64},
    since {time} NOT NULL,
    PRIMARY KEY (user_id, other_id)
) {clustered};

CREATE TABLE follows (
    user_id {id} NOT NULL,
    target_id {id} NOT NULL,
    since {time} NOT NULL,
    PRIMARY KEY (user_id, target_id)
) {clustered};
CREATE INDEX follows_by_target ON follows (target_id, user_id);

-- data: JSON.
CREATE TABLE user_settings (
    user_id {id} PRIMARY KEY,
    data {text} NOT NULL
);

-- guild_id 0: DMs and groups. data: JSON.
CREATE TABLE user_guild_settings (
    user_id {id} NOT NULL,
    guild_id {id} NOT NULL,
    data {text} NOT NULL,
    PRIMARY KEY (user_id, guild_id)
) {clustered};

CREATE TABLE notes (
    user_id {id} NOT NULL,
    about_id {id} NOT NULL,
    note {text} NOT NULL,
    PRIMARY KEY (user_id, about_id)
) {clustered};

-- When someone became a participant: who has been there longest inherits a group.
ALTER TABLE recipients ADD COLUMN joined_at {time} NOT NULL DEFAULT 0;
