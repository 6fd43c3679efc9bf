-- A test shows whomever its author chose, and may go to anybody: whoever is erased is looked for in
-- all of an account's.
CREATE INDEX mailing_of_tests ON mailing (account_id, id) WHERE kind = 'test';
