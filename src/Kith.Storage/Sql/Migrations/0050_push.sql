-- beside: all
-- Keys that were made at first start, by name; all processes of an instance share them.
CREATE TABLE push_keys (
    name {text:32} PRIMARY KEY,
    value {text} NOT NULL
);

-- Devices and addresses that a user wants pushes on, each bound to the login that registered it. kind: PushKind. service: who delivers, usually the address' host.
CREATE TABLE push_subscriptions (
    id {id} PRIMARY KEY,
    user_id {id} NOT NULL,
    session_id {id} NOT NULL,
    kind {int} NOT NULL,
    service {text:255} NOT NULL,
    address {text} NOT NULL,
    address_hash {text:64} NOT NULL UNIQUE,
    public_key {blob},
    secret {blob},
    created_at {time} NOT NULL
);
CREATE INDEX push_subscriptions_by_user ON push_subscriptions (user_id);

-- What each device shows or is about to show: one notification per channel. due_at: when to send next, null where nothing is to be sent. withdrawn: it is to be cleared.
-- shown: the device has it. version grows with each change, so that an answer to an older state is known as such.
CREATE TABLE push_notices (
    subscription_id {id} NOT NULL,
    channel_id {id} NOT NULL,
    user_id {id} NOT NULL,
    service {text:255} NOT NULL,
    message_id {id} NOT NULL,
    urgent {int} NOT NULL,
    withdrawn {int} NOT NULL,
    shown {int} NOT NULL,
    version {id} NOT NULL,
    attempts {int} NOT NULL,
    due_at {time},
    expires_at {time} NOT NULL,
    PRIMARY KEY (subscription_id, channel_id)
) {clustered};
CREATE INDEX push_notices_due ON push_notices (service, due_at);
CREATE INDEX push_notices_by_reader ON push_notices (user_id, channel_id);
CREATE INDEX push_notices_by_end ON push_notices (expires_at);

-- Messages up to this id have been turned into notices.
CREATE TABLE push_progress (
    id {id} PRIMARY KEY,
    message_id {id} NOT NULL
);

-- Since when users appear idle who are connected.
CREATE TABLE push_idle (
    user_id {id} PRIMARY KEY,
    since {time} NOT NULL
);

-- Who has blocked a user, for the messages of that user.
CREATE INDEX relationships_by_other ON relationships (other_id, type);
