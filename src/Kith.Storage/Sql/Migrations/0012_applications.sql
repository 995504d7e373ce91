-- beside: none
-- An application and its bot have one id.
CREATE TABLE applications (
    id {id} PRIMARY KEY,
    owner_id {id} NOT NULL,
    name {text:64} NOT NULL,
    description {text} NOT NULL
);
CREATE INDEX applications_by_owner ON applications (owner_id);
