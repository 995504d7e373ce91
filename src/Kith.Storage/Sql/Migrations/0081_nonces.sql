-- Nonce first: clients make nonces from the time, so rows are appended, where a key that began with channel and author would change a page per sender in every commit.
CREATE TABLE nonces (
    nonce {text:32} NOT NULL,
    channel_id {id} NOT NULL,
    author_id {id} NOT NULL,
    message_id {id} NOT NULL,
    PRIMARY KEY (nonce, channel_id, author_id)
) {clustered};
INSERT INTO nonces SELECT nonce, channel_id, author_id, message_id FROM message_nonces;
DROP TABLE message_nonces;
ALTER TABLE nonces RENAME TO message_nonces;
CREATE INDEX message_nonces_by_age ON message_nonces (message_id);
