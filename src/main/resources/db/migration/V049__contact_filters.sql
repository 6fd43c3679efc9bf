-- What a contact is called, whatever the usual fields for it: searched for as somebody types.
CREATE FUNCTION contact_name(fields jsonb) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN lower(concat_ws(' ',
    fields ->> 'NAME', fields ->> 'FIRST_NAME', fields ->> 'FNAME',
    fields ->> 'LAST_NAME', fields ->> 'LNAME'));

CREATE INDEX contact_name_trigrams ON contact USING gin (contact_name(fields) gin_trgm_ops)
    WHERE contact_name(fields) <> '';

-- By the value of a field, and by whether there is one.
CREATE INDEX contact_fields ON contact USING gin (fields);

-- Who joined of late.
CREATE INDEX contact_by_time ON contact (account_id, audience_id, created_at);
