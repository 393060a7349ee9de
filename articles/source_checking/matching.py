"""Which notice is about which source on record: by DOI and PubMed number, never by title."""

from django.db.models import Q

from articles.models import Source
from articles.source_checking.notice import Notice


class AnotherWork(Exception):
    """Why a notice is about no source, although one of its numbers is on record."""


class Register:
    """The sources on record by their numbers, read once: two short strings a source."""

    def __init__(self) -> None:
        self.by_doi: dict[str, int] = {}
        self.by_pmid: dict[str, int] = {}
        self.numbers: dict[int, tuple[str, str]] = {}
        known = Source.objects.filter(Q(doi__isnull=False) | Q(pmid__isnull=False))
        for pk, doi, pmid in known.values_list("pk", "doi", "pmid").iterator():
            self.numbers[pk] = (doi or "", pmid or "")
            if doi:
                self.by_doi[doi] = pk
            if pmid:
                self.by_pmid[pmid] = pk

    def find(self, notice: Notice) -> int | None:
        """Return the key of the source that `notice` is about, or None.

        Raises AnotherWork when its two numbers belong to two works.
        """
        found = {self.by_doi.get(notice.doi), self.by_pmid.get(notice.pmid)} - {None}
        if len(found) > 1:
            raise AnotherWork(
                f"The DOI {notice.doi} and the PubMed number {notice.pmid} are of two sources on"
                " record: nothing was opened for either."
            )
        for pk in found:
            assert pk is not None
            self._compare(notice, *self.numbers[pk])
            return pk
        return None

    def _compare(self, notice: Notice, doi: str, pmid: str) -> None:
        for name, said, known in (("DOI", notice.doi, doi), ("PubMed number", notice.pmid, pmid)):
            if said and known and said != known:
                raise AnotherWork(
                    f"Its {name} is {said}, and that of the source on record with the same other"
                    f" number is {known}: nothing was opened for it."
                )
