-- beside: none
-- Nonce first: clients make nonces from the time, so rows are appended, where a key that began with channel and author would change a page per sender in every commit.
CREATE TABLE sent_nonces (
    nonce {text:32} NOT NULL,
    channel_id {id} NOT NULL,
    author_id {id} NOT NULL,
    message_id {id} NOT NULL,
    PRIMARY KEY (nonce, channel_id, author_id)
) {clustered};
REPLACE INTO sent_nonces SELECT nonce, channel_id, author_id, message_id FROM message_nonces;
DROP TABLE IF EXISTS message_nonces;
CREATE INDEX sent_nonces_by_age ON sent_nonces (message_id);
