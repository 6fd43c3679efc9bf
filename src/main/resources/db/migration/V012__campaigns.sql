-- When it starts by itself; and once that has failed, why.
ALTER TABLE campaign
    ADD COLUMN scheduled_at timestamptz,
    ADD COLUMN failure text,
    ADD CHECK (scheduled_at IS NULL OR failure IS NULL),
    ADD CHECK (mailing_id IS NULL OR (scheduled_at IS NULL AND failure IS NULL));

CREATE INDEX campaign_due ON campaign (scheduled_at) WHERE scheduled_at IS NOT NULL;

-- What is deleted with an audience, and what is under way when somebody asks for that.
CREATE INDEX campaign_of_audience ON campaign (account_id, audience_id);
CREATE INDEX mailing_of_audience ON mailing (account_id, audience_id);
