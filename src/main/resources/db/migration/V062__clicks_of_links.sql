-- How often each link of a mailing was followed, and by how many, is read from this alone.
CREATE INDEX engagement_event_clicks ON engagement_event (account_id, mailing_id, link, number)
    WHERE kind = 'click';
