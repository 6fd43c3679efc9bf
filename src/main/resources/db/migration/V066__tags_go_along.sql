-- A tag is somebody's word: with the last contact that has it, it leaves the list to choose from.
CREATE FUNCTION forget_tags() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    DELETE FROM audience_tag t
    USING (SELECT DISTINCT account_id, audience_id, unnest(tags) AS tag FROM removed) g
    WHERE t.account_id = g.account_id AND t.audience_id = g.audience_id AND t.tag = g.tag
      AND NOT EXISTS (
          SELECT FROM contact c
          WHERE c.account_id = g.account_id AND c.audience_id = g.audience_id
            AND c.tags @> ARRAY[g.tag]);
    RETURN NULL;
END $$;

CREATE TRIGGER tags_go_along AFTER DELETE ON contact
    REFERENCING OLD TABLE AS removed
    FOR EACH STATEMENT EXECUTE FUNCTION forget_tags();
