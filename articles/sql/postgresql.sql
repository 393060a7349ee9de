-- What migrations cannot keep, for PostgreSQL. Runs after every migrate, and changes nothing when
-- nothing is missing.

-- What an author wrote never changes. (No DELETE trigger: erasing a whole database is allowed.)
-- The columns are those of AUTHORED in articles/models/; tests/test_immutability.py compares.
-- They are the triggers' arguments and not a WHEN clause, because a column that a trigger's
-- definition mentions cannot change its type in any later migration.

CREATE OR REPLACE FUNCTION articles_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    old_row jsonb := to_jsonb(OLD);
    new_row jsonb := to_jsonb(NEW);
    authored text;
BEGIN
    FOREACH authored IN ARRAY TG_ARGV LOOP
        IF old_row -> authored IS DISTINCT FROM new_row -> authored THEN
            RAISE EXCEPTION '%: what an author wrote never changes', TG_TABLE_NAME
                USING ERRCODE = 'integrity_constraint_violation';
        END IF;
    END LOOP;
    RETURN NEW;
END
$$;

CREATE OR REPLACE TRIGGER articles_revision_immutable BEFORE UPDATE ON articles_revision
FOR EACH ROW EXECUTE FUNCTION articles_refuse_change(
    'article_id', 'number', 'title', 'summary', 'text', 'sha256', 'created_at', 'created_by_id',
    'note'
);

CREATE OR REPLACE TRIGGER articles_section_immutable BEFORE UPDATE ON articles_section
FOR EACH ROW EXECUTE FUNCTION articles_refuse_change(
    'revision_id', 'position', 'heading', 'anchor', 'sha256'
);

CREATE OR REPLACE TRIGGER articles_citation_immutable BEFORE UPDATE ON articles_citation
FOR EACH ROW EXECUTE FUNCTION articles_refuse_change(
    'revision_id', 'source_id', 'key', 'as_printed', 'accessed_on', 'position', 'number'
);

-- What somebody signed never changes. (Who they were may: it gives way to a role if they ask.)

CREATE OR REPLACE TRIGGER articles_review_immutable BEFORE UPDATE ON articles_review
FOR EACH ROW EXECUTE FUNCTION articles_refuse_change(
    'revision_id', 'contributor_id', 'outcome', 'scope', 'covers_whole', 'identity', 'signed_at'
);

CREATE OR REPLACE TRIGGER articles_reviewedsection_immutable BEFORE UPDATE ON articles_reviewedsection
FOR EACH ROW EXECUTE FUNCTION articles_refuse_change('review_id', 'section_id');

-- Search: one row an article, in words made by articles/search. No foreign key: TRUNCATE, with
-- which Django empties a database, refuses a table that an unknown table refers to.
CREATE TABLE IF NOT EXISTS articles_search (
    article_id bigint PRIMARY KEY,
    document tsvector NOT NULL
);
CREATE INDEX IF NOT EXISTS articles_search_document ON articles_search USING gin (document);

-- The words of titles, synonyms and summaries by their trigrams, for "did you mean".
CREATE TABLE IF NOT EXISTS articles_search_word (
    trigram text NOT NULL,
    word text NOT NULL,
    PRIMARY KEY (trigram, word)
);
