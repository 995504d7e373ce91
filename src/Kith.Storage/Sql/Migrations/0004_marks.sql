-- beside: none
-- A sender's keys of the last day; a repeated send finds the first message here.
CREATE TABLE message_nonces (
    channel_id {id} NOT NULL,
    author_id {id} NOT NULL,
    nonce {text:32} NOT NULL,
    message_id {id} NOT NULL,
    PRIMARY KEY (channel_id, author_id, nonce)
) {clustered};
CREATE INDEX message_nonces_by_age ON message_nonces (message_id);

-- Direct mentions, partitioned by who is mentioned; its second index gives "all my mentions, newest first".
CREATE TABLE direct_mentions (
    user_id {id} NOT NULL,
    channel_id {id} NOT NULL,
    message_id {id} NOT NULL,
    PRIMARY KEY (user_id, channel_id, message_id)
) {clustered};
CREATE INDEX direct_mentions_by_age ON direct_mentions (user_id, message_id);

-- Mentions of everyone or of roles, once per message. mentions: as in messages.
CREATE TABLE broadcast_mentions (
    channel_id {id} NOT NULL,
    message_id {id} NOT NULL,
    author_id {id} NOT NULL,
    mentions {text} NOT NULL,
    PRIMARY KEY (channel_id, message_id)
) {clustered};

CREATE TABLE reactions (
    message_id {id} NOT NULL,
    emoji {text:64} NOT NULL,
    user_id {id} NOT NULL,
    created_at {time} NOT NULL,
    PRIMARY KEY (message_id, emoji, user_id)
) {clustered};

CREATE TABLE pins (
    channel_id {id} NOT NULL,
    message_id {id} NOT NULL,
    pinned_at {time} NOT NULL,
    PRIMARY KEY (channel_id, message_id)
) {clustered};

-- How far each user has read each channel.
CREATE TABLE read_states (
    user_id {id} NOT NULL,
    channel_id {id} NOT NULL,
    last_read_id {id} NOT NULL,
    acked_at {time} NOT NULL,
    version {id} NOT NULL,
    PRIMARY KEY (user_id, channel_id)
) {clustered};

-- Watermarks of DMs and groups.
CREATE TABLE receipts (
    channel_id {id} NOT NULL,
    user_id {id} NOT NULL,
    delivered_id {id} NOT NULL,
    read_id {id} NOT NULL,
    PRIMARY KEY (channel_id, user_id)
) {clustered};
