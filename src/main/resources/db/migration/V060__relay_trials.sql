-- Test messages through a relay within the running window: nobody scans ports with them.
CREATE TABLE relay_trial (
    account_id  bigint      PRIMARY KEY REFERENCES account ON DELETE CASCADE,
    trials      int         NOT NULL,
    since       timestamptz NOT NULL
);
