-- beside: all
-- Where messages are kept elsewhere and the newest of a channel was deleted: the newest that is left (0 for none), for as long as the tail is the same.
CREATE TABLE channel_newest (
    channel_id {id} PRIMARY KEY,
    tail_id {id} NOT NULL,
    newest_id {id} NOT NULL
);
