-- beside: all
-- Who is who from a source outside: person_key is the name over there, folded. Guild 0 has one row, the keeper of what has no other owner.
CREATE TABLE imported_people (
    guild_id {id} NOT NULL,
    person_key {text:64} NOT NULL,
    user_id {id} NOT NULL,
    PRIMARY KEY (guild_id, person_key)
) {clustered};

-- How far each file was read; last_id is its newest message, 0 where it had none.
CREATE TABLE imported_sources (
    channel_id {id} NOT NULL,
    source {text:191} NOT NULL,
    line_count {int} NOT NULL,
    last_id {id} NOT NULL,
    PRIMARY KEY (channel_id, source)
) {clustered};
