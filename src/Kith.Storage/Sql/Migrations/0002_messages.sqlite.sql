-- beside: none
-- In SQLite the id is the rowid: rows are appended in time's order, and the index below, which also covers unread counts, finds a channel's.
CREATE TABLE messages (
    id {id} PRIMARY KEY,
    channel_id {id} NOT NULL,
    author_id {id} NOT NULL,
    type {int} NOT NULL,
    content {text} NOT NULL,
    created_at {time} NOT NULL,
    edited_at {time},
    flags {int} NOT NULL,
    pinned {int} NOT NULL,
    mentions {text},
    parts {text}
);
CREATE INDEX messages_by_channel ON messages (channel_id, id, author_id);
