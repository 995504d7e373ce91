-- beside: all
-- Custom emojis and stickers of guilds, as JSON; their pictures are in images.
CREATE TABLE emojis (
    guild_id {id} NOT NULL,
    id {id} NOT NULL,
    data {text} NOT NULL,
    PRIMARY KEY (guild_id, id)
) {clustered};

CREATE TABLE stickers (
    guild_id {id} NOT NULL,
    id {id} NOT NULL,
    data {text} NOT NULL,
    PRIMARY KEY (guild_id, id)
) {clustered};
CREATE INDEX stickers_by_id ON stickers (id);
