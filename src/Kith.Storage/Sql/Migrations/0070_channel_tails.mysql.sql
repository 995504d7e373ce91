-- beside: none
-- The newest id ever committed in each channel: locked by whoever commits there, so that ids grow in the order of commits, whichever process they are of.
CREATE TABLE channel_tails (
    channel_id {id} PRIMARY KEY,
    last_id {id} NOT NULL
);
