CREATE TABLE thing (id text PRIMARY KEY);
