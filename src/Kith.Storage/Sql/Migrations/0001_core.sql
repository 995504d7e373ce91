-- beside: none
-- People and bots. username_key is the name folded for comparison.
CREATE TABLE users (
    id {id} PRIMARY KEY,
    username {text:64} NOT NULL,
    username_key {text:64} NOT NULL UNIQUE,
    global_name {text:128},
    avatar {text:64},
    banner {text:64},
    accent_color {int},
    bio {text},
    email {text:320},
    locale {text:16} NOT NULL,
    bot {int} NOT NULL,
    admin {int} NOT NULL,
    mfa_enabled {int} NOT NULL
);

CREATE TABLE guilds (
    id {id} PRIMARY KEY,
    name {text:128} NOT NULL,
    owner_id {id} NOT NULL,
    icon {text:64},
    settings {text} NOT NULL,
    version {id} NOT NULL
);

CREATE TABLE roles (
    guild_id {id} NOT NULL,
    id {id} NOT NULL,
    position {int} NOT NULL,
    permissions {text:20} NOT NULL,
    data {text} NOT NULL,
    PRIMARY KEY (guild_id, id)
) {clustered};

-- guild_id is null for DMs and groups.
CREATE TABLE channels (
    id {id} PRIMARY KEY,
    guild_id {id},
    type {int} NOT NULL,
    name {text:128},
    topic {text},
    position {int} NOT NULL,
    parent_id {id},
    nsfw {int} NOT NULL,
    rate_limit_per_user {int} NOT NULL,
    bitrate {int} NOT NULL,
    user_limit {int} NOT NULL,
    overwrites {text} NOT NULL,
    last_pin_timestamp {time},
    owner_id {id},
    icon {text:64}
);
CREATE INDEX channels_by_guild ON channels (guild_id);

CREATE TABLE members (
    guild_id {id} NOT NULL,
    user_id {id} NOT NULL,
    nick {text:64},
    avatar {text:64},
    roles {text} NOT NULL,
    joined_at {time} NOT NULL,
    communication_disabled_until {time},
    mute {int} NOT NULL,
    deaf {int} NOT NULL,
    flags {int} NOT NULL,
    PRIMARY KEY (guild_id, user_id)
) {clustered};
CREATE INDEX members_by_user ON members (user_id, guild_id);

-- Participants of DMs and groups. is_open: a DM that one side closed is hidden from that side.
CREATE TABLE recipients (
    channel_id {id} NOT NULL,
    user_id {id} NOT NULL,
    is_open {int} NOT NULL,
    PRIMARY KEY (channel_id, user_id)
) {clustered};
CREATE INDEX recipients_by_user ON recipients (user_id, channel_id);

-- The one DM of two users; low_id is the smaller id.
CREATE TABLE dms (
    low_id {id} NOT NULL,
    high_id {id} NOT NULL,
    channel_id {id} NOT NULL,
    PRIMARY KEY (low_id, high_id)
) {clustered};
