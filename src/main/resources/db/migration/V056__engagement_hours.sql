-- When a recipient did something last: the hour in which the sums below count it.
ALTER TABLE engagement ADD COLUMN last_at timestamptz;

-- What the readers of a mailing did, by hour, so that the figures of a year are read and not
-- counted. Every change of an engagement adds a row of its own, so that nobody waits for anybody;
-- those that are loose are put together once a minute (EngagementHours). A sum is right either way.
CREATE TABLE engagement_hour (
    account_id    bigint      NOT NULL,
    mailing_id    bigint      NOT NULL,
    hour          timestamptz NOT NULL,
    opens         bigint      NOT NULL,
    openers       bigint      NOT NULL,
    clicks        bigint      NOT NULL,
    clickers      bigint      NOT NULL,
    unsubscribed  bigint      NOT NULL,
    complained    bigint      NOT NULL,
    loose         boolean     NOT NULL DEFAULT true,

    FOREIGN KEY (account_id, mailing_id) REFERENCES mailing ON DELETE CASCADE
);

CREATE INDEX engagement_hour_of_mailing ON engagement_hour (account_id, mailing_id, hour);
CREATE INDEX engagement_hour_by_time ON engagement_hour (account_id, hour);
CREATE UNIQUE INDEX engagement_hour_firm ON engagement_hour (account_id, mailing_id, hour)
    WHERE NOT loose;
CREATE INDEX engagement_hour_loose ON engagement_hour (account_id) WHERE loose;

CREATE FUNCTION add_engagements() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO engagement_hour (
        account_id, mailing_id, hour, opens, openers, clicks, clickers, unsubscribed, complained)
    SELECT e.account_id, e.mailing_id, date_trunc('hour', v.at, 'UTC'), sum(v.opens),
           sum(v.openers), sum(v.clicks), sum(v.clickers), sum(v.unsubscribed), sum(v.complained)
    FROM fresh e
    CROSS JOIN LATERAL (
        VALUES (coalesce(e.first_open_at, e.last_at), e.open_count,
                (e.first_open_at IS NOT NULL)::int, 0, 0, 0, 0),
               (coalesce(e.first_click_at, e.last_at), 0, 0, e.click_count,
                (e.first_click_at IS NOT NULL)::int, 0, 0),
               (e.unsubscribed_at, 0, 0, 0, 0, 1, 0),
               (e.complained_at, 0, 0, 0, 0, 0, 1)
    ) AS v (at, opens, openers, clicks, clickers, unsubscribed, complained)
    WHERE v.at IS NOT NULL
    GROUP BY 1, 2, 3;
    RETURN NULL;
END $$;

CREATE FUNCTION move_engagements() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO engagement_hour (
        account_id, mailing_id, hour, opens, openers, clicks, clickers, unsubscribed, complained)
    SELECT e.account_id, e.mailing_id, date_trunc('hour', v.at, 'UTC'), sum(v.opens),
           sum(v.openers), sum(v.clicks), sum(v.clickers), sum(v.unsubscribed), sum(v.complained)
    FROM fresh e
    JOIN stale s USING (account_id, mailing_id, number)
    CROSS JOIN LATERAL (
        VALUES (coalesce(e.last_at, e.first_open_at, e.first_click_at),
                e.open_count - s.open_count,
                (e.first_open_at IS NOT NULL)::int - (s.first_open_at IS NOT NULL)::int,
                e.click_count - s.click_count,
                (e.first_click_at IS NOT NULL)::int - (s.first_click_at IS NOT NULL)::int, 0, 0),
               (coalesce(e.unsubscribed_at, s.unsubscribed_at), 0, 0, 0, 0,
                (e.unsubscribed_at IS NOT NULL)::int - (s.unsubscribed_at IS NOT NULL)::int, 0),
               (coalesce(e.complained_at, s.complained_at), 0, 0, 0, 0, 0,
                (e.complained_at IS NOT NULL)::int - (s.complained_at IS NOT NULL)::int)
    ) AS v (at, opens, openers, clicks, clickers, unsubscribed, complained)
    WHERE v.at IS NOT NULL
      AND (v.opens, v.openers, v.clicks, v.clickers, v.unsubscribed, v.complained)
          <> (0, 0, 0, 0, 0, 0)
    GROUP BY 1, 2, 3;
    RETURN NULL;
END $$;

INSERT INTO engagement_hour (
    account_id, mailing_id, hour, opens, openers, clicks, clickers, unsubscribed, complained, loose)
SELECT e.account_id, e.mailing_id, date_trunc('hour', v.at, 'UTC'), sum(v.opens), sum(v.openers),
       sum(v.clicks), sum(v.clickers), sum(v.unsubscribed), sum(v.complained), false
FROM engagement e
CROSS JOIN LATERAL (
    VALUES (e.first_open_at, e.open_count, 1, 0, 0, 0, 0),
           (e.first_click_at, 0, 0, e.click_count, 1, 0, 0),
           (e.unsubscribed_at, 0, 0, 0, 0, 1, 0),
           (e.complained_at, 0, 0, 0, 0, 0, 1)
) AS v (at, opens, openers, clicks, clickers, unsubscribed, complained)
WHERE v.at IS NOT NULL
GROUP BY 1, 2, 3;

CREATE TRIGGER engagements_are_new AFTER INSERT ON engagement
    REFERENCING NEW TABLE AS fresh
    FOR EACH STATEMENT EXECUTE FUNCTION add_engagements();
CREATE TRIGGER engagements_are_changed AFTER UPDATE ON engagement
    REFERENCING OLD TABLE AS stale NEW TABLE AS fresh
    FOR EACH STATEMENT EXECUTE FUNCTION move_engagements();
