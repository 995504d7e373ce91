-- beside: all
-- The newest messages of all channels, whatever their partition: for a process that starts again and must know what it has missed.
CREATE INDEX messages_by_id ON messages (id);
