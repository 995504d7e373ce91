-- beside: none
-- Partitioned by channel: a channel's messages lie together, in order.
CREATE TABLE messages (
    id {id} NOT NULL,
    channel_id {id} NOT NULL,
    author_id {id} NOT NULL,
    type {int} NOT NULL,
    content {text} NOT NULL,
    created_at {time} NOT NULL,
    edited_at {time},
    flags {int} NOT NULL,
    pinned {int} NOT NULL,
    mentions {text},
    parts {text},
    PRIMARY KEY (channel_id, id)
) PARTITION BY KEY (channel_id) PARTITIONS 32;
