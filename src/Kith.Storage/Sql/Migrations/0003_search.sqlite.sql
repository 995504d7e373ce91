-- beside: none
-- Contentless: text is in messages. words: see SearchText. scope: the letter c and the channel, a and the author, m and each one mentioned, and what the message has.
CREATE VIRTUAL TABLE message_search USING fts5 (words, scope, content = '', tokenize = 'unicode61 remove_diacritics 2');

-- Every message up to indexed_through is in the index; what is newer is added soon after.
CREATE TABLE search_state (
    id {id} PRIMARY KEY,
    indexed_through {id} NOT NULL
);
INSERT INTO search_state VALUES (1, 0);
