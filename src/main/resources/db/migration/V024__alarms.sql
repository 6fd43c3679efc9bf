-- Its owner knows of the complaints and goes on.
ALTER TABLE mailing
    ADD COLUMN complaints_accepted boolean NOT NULL DEFAULT false,
    -- A relay that fails since before is given time to work again.
    ADD COLUMN resumed_at timestamptz;
