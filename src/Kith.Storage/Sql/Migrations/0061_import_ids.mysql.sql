-- beside: all
-- Ids that imports gave to messages, in runs of 4096 at most: messages have no index by id alone, or are kept elsewhere, where these are written before the messages are. There, a run with
-- more lines than imported_sources has of its source was interrupted.
CREATE TABLE imported_ids (
    first_id {id} NOT NULL,
    last_id {id} NOT NULL,
    channel_id {id} NOT NULL,
    source {text:191} NOT NULL,
    line_count {int} NOT NULL,
    PRIMARY KEY (first_id)
) {clustered};

CREATE INDEX imported_ids_by_source ON imported_ids (channel_id, source);

-- Of earlier imports, those below ids with a time; the others are of another worker than what is imported from now on.
INSERT IGNORE INTO imported_ids (first_id, last_id, channel_id, source, line_count) SELECT id, id, channel_id, '', 0 FROM messages WHERE id < 251658240000;
