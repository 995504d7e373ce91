-- beside: all
-- Who is away and has missed something since, once per absence. due_at: when to write a mail; null: it was written.
CREATE TABLE push_digests (
    user_id {id} PRIMARY KEY,
    due_at {time}
);
CREATE INDEX push_digests_due ON push_digests (due_at);
