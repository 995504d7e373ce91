-- beside: all
-- When each user last appeared to be there.
CREATE TABLE last_seen (
    user_id {id} PRIMARY KEY,
    seen_at {time} NOT NULL
) {clustered};
