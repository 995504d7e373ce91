-- beside: all
-- Pictures of someone or something: avatars, icons, banners. kind: see ImageKind; hash is part of the address, so a new picture has a new one.
CREATE TABLE images (
    kind {int} NOT NULL,
    owner_id {id} NOT NULL,
    hash {text:64} NOT NULL,
    blob_key {text:128} NOT NULL,
    content_type {text:128} NOT NULL,
    size {id} NOT NULL,
    PRIMARY KEY (kind, owner_id, hash)
) {clustered};
