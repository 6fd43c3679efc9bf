-- Counts the changes of a campaign: who saves says which one they began with, so that two who write
-- at the same time do not overwrite each other without knowing.
ALTER TABLE campaign
    ADD COLUMN version integer NOT NULL DEFAULT 1,
    -- As its author chose the moment of the start; the moment itself is scheduled_at.
    ADD COLUMN time_zone text;
