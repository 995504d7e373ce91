-- beside: all
-- Files of messages, from the moment an upload is announced or received. state: see AttachmentState; details: what was found in the file, as JSON.
CREATE TABLE attachments (
    id {id} PRIMARY KEY,
    channel_id {id} NOT NULL,
    user_id {id} NOT NULL,
    message_id {id},
    state {int} NOT NULL,
    filename {text:255} NOT NULL,
    size {id} NOT NULL,
    content_type {text:128} NOT NULL,
    blob_key {text:128},
    details {text} NOT NULL,
    created_at {time} NOT NULL,
    deleted_at {time}
) {clustered};
CREATE INDEX attachments_by_message ON attachments (channel_id, message_id);
CREATE INDEX attachments_by_state ON attachments (state, created_at);
CREATE INDEX attachments_by_deletion ON attachments (deleted_at);
CREATE INDEX attachments_by_user ON attachments (user_id, id);

-- What lies in the blob store, and how many rows say so. Without any since released_at it is doomed, then deleted; a doomed one takes no new reference.
CREATE TABLE blobs (
    blob_key {text:128} PRIMARY KEY,
    refs {int} NOT NULL,
    released_at {time},
    doomed {int} NOT NULL
) {clustered};
CREATE INDEX blobs_by_release ON blobs (released_at);

-- Bytes that a user's files take, each message's counted.
CREATE TABLE media_usage (
    user_id {id} PRIMARY KEY,
    bytes {id} NOT NULL
) {clustered};
