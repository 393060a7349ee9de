-- What migrations cannot keep, for SQLite. Runs after every migrate, and changes nothing when
-- nothing is missing. It must: when a migration alters a table, SQLite's is rebuilt under the same
-- name, and loses its triggers without a word.

-- What an author wrote never changes. (No DELETE trigger: erasing a whole database is allowed.)
-- The columns are those of AUTHORED in articles/models/; tests/test_immutability.py compares.

DROP TRIGGER IF EXISTS articles_revision_immutable;
CREATE TRIGGER articles_revision_immutable BEFORE UPDATE ON articles_revision
WHEN (
    OLD.article_id, OLD.number, OLD.title, OLD.summary, OLD.text, OLD.sha256, OLD.created_at,
    OLD.created_by_id, OLD.note
) IS NOT (
    NEW.article_id, NEW.number, NEW.title, NEW.summary, NEW.text, NEW.sha256, NEW.created_at,
    NEW.created_by_id, NEW.note
)
BEGIN
    SELECT RAISE(ABORT, 'articles_revision: what an author wrote never changes');
END;

DROP TRIGGER IF EXISTS articles_section_immutable;
CREATE TRIGGER articles_section_immutable BEFORE UPDATE ON articles_section
WHEN (OLD.revision_id, OLD.position, OLD.heading, OLD.anchor, OLD.sha256)
IS NOT (NEW.revision_id, NEW.position, NEW.heading, NEW.anchor, NEW.sha256)
BEGIN
    SELECT RAISE(ABORT, 'articles_section: what an author wrote never changes');
END;

DROP TRIGGER IF EXISTS articles_citation_immutable;
CREATE TRIGGER articles_citation_immutable BEFORE UPDATE ON articles_citation
WHEN (
    OLD.revision_id, OLD.source_id, OLD.key, OLD.as_printed, OLD.accessed_on, OLD.position,
    OLD.number
) IS NOT (
    NEW.revision_id, NEW.source_id, NEW.key, NEW.as_printed, NEW.accessed_on, NEW.position,
    NEW.number
)
BEGIN
    SELECT RAISE(ABORT, 'articles_citation: what an author wrote never changes');
END;

-- What somebody signed never changes. (Who they were may: it gives way to a role if they ask.)

DROP TRIGGER IF EXISTS articles_review_immutable;
CREATE TRIGGER articles_review_immutable BEFORE UPDATE ON articles_review
WHEN (
    OLD.revision_id, OLD.contributor_id, OLD.outcome, OLD.scope, OLD.covers_whole, OLD.identity,
    OLD.signed_at
) IS NOT (
    NEW.revision_id, NEW.contributor_id, NEW.outcome, NEW.scope, NEW.covers_whole, NEW.identity,
    NEW.signed_at
)
BEGIN
    SELECT RAISE(ABORT, 'articles_review: what somebody signed never changes');
END;

DROP TRIGGER IF EXISTS articles_reviewedsection_immutable;
CREATE TRIGGER articles_reviewedsection_immutable BEFORE UPDATE ON articles_reviewedsection
WHEN (OLD.review_id, OLD.section_id) IS NOT (NEW.review_id, NEW.section_id)
BEGIN
    SELECT RAISE(ABORT, 'articles_reviewedsection: what somebody signed never changes');
END;

-- Search: one row an article (its rowid is the article's key), in words made by articles/search.
-- Marks belong to words (categories M): without them, Hindi falls into single letters.
CREATE VIRTUAL TABLE IF NOT EXISTS articles_search USING fts5(
    title, synonyms, summary, body,
    tokenize = "porter unicode61 remove_diacritics 2 categories 'L* N* Co Mn Mc'",
    prefix = '3 4'
);

-- The words of titles, synonyms and summaries by their trigrams, for "did you mean".
CREATE TABLE IF NOT EXISTS articles_search_word (
    trigram text NOT NULL,
    word text NOT NULL,
    PRIMARY KEY (trigram, word)
) WITHOUT ROWID;
