"""Make the hashes of sections anew, without the empty lines before the next section.

With them a section that moved to the end of its article would have seemed to be another text.
Nothing was signed by the old hashes: the table of reviews is as new as this.
"""

from typing import Any

from django.db import migrations


def rehash(apps: Any, schema_editor: Any) -> None:
    from articles import markdown
    from articles.models.revision import hash_of
    from articles.models.source import Source, canonical_citation

    allow_changes(schema_editor)
    sections = apps.get_model("articles", "Section").objects
    citations = apps.get_model("articles", "Citation").objects.select_related("source")
    for revision in apps.get_model("articles", "Revision").objects.iterator(100):
        printed = {}
        for row in citations.filter(revision=revision):
            known = {name: getattr(row.source, name) for name in ("doi", "url", "pmid")}
            row._state.fields_cache["source"] = Source(**known)
            printed[row.key] = canonical_citation(row)
        for section in markdown.render(revision.text, citation_keys=printed).sections:
            digest = hash_of(section, revision, printed)
            sections.filter(revision=revision, position=section.position).update(sha256=digest)


def allow_changes(schema_editor: Any) -> None:
    """Drop what refuses them: it is made again after every migrate (articles/database.py)."""
    where = " ON articles_section" if schema_editor.connection.vendor == "postgresql" else ""
    schema_editor.execute(f"DROP TRIGGER IF EXISTS articles_section_immutable{where}")


class Migration(migrations.Migration):
    dependencies = [("articles", "0004_clinical_review")]
    operations = [migrations.RunPython(rehash, migrations.RunPython.noop)]
