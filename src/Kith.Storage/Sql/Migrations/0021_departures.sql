-- beside: none
-- Came by a temporary invite: leaves at the end of its last session unless a role was given.
ALTER TABLE members ADD COLUMN temporary {int} NOT NULL DEFAULT 0;

-- Channels that are gone and whose messages are still to be removed, in bounded steps beside the requests.
CREATE TABLE deleted_channels (
    id {id} PRIMARY KEY,
    deleted_at {time} NOT NULL
) {clustered};
