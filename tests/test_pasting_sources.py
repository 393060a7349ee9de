"""A reference is pasted, and fills the form of a new source."""

import pytest
from django.test import Client

from articles.models import Source
from tests.desk import filled

ADD = "/admin/articles/source/add/"

RIS = """TY  - JOUR
AU  - Smith, Jane
TI  - Needles for faces: a trial
JO  - BMJ
PY  - 2024/03/15/
DO  - https://doi.org/10.1136/BMJ.x1
UR  - https://www.bmj.com/x1
ER  -
"""
NBIB = """
PMID- 12345678
OWN - NLM
TI  - Needles for faces:
      a trial.
AB  - BACKGROUND: Faces.
      METHODS: Needles.
LID - S0140 [pii]
LID - 10.1136/bmj.x1 [doi]
DP  - 2024 Mar 15
JT  - BMJ
"""
BIBTEX = """@article{smith2024,
  title = {{Needles} for faces: a trial},
  author = {Smith, Jane and M{\\"u}ller, K.},
  journal = "BMJ",
  year = 2024, month = mar, day = 15,
  doi = {10.1136/bmj.x1},
}"""


def paste(client: Client, text: str) -> tuple[str, dict[str, str]]:
    """Press "Fill the form"; return the page, and what the form of the source now holds."""
    answer = client.post(ADD, {"pasted": text, "_fill": "1"})
    assert answer.status_code == 200
    return answer.content.decode(), filled(answer, "source_form")


@pytest.mark.parametrize("text", [RIS, NBIB, BIBTEX, RIS.replace("\n", "\r\n"), "\ufeff" + RIS])
def test_a_pasted_reference_fills_the_form_and_saves_nothing(as_author: Client, text: str) -> None:
    page, form = paste(as_author, text)

    assert form["title"] == "Needles for faces: a trial"
    assert form["publisher"] == "BMJ"
    assert form["published_on"] == "2024-03-15"
    assert form["doi"] == "10.1136/bmj.x1"
    assert "Look it over, and save it." in page
    assert not Source.objects.exists()

    as_author.post(ADD, form)
    assert Source.objects.get().doi == "10.1136/bmj.x1"


def test_the_number_of_pubmed_and_the_address_are_taken_too(as_author: Client) -> None:
    assert paste(as_author, NBIB)[1]["pmid"] == "12345678"
    assert paste(as_author, RIS)[1]["url"] == "https://www.bmj.com/x1"
    pubmed = RIS.replace("ER  -", "DB  - PubMed\nAN  - 12345678\nER  -")
    assert paste(as_author, pubmed)[1]["pmid"] == "12345678"


@pytest.mark.parametrize("text", [RIS, NBIB])
def test_a_record_whose_end_was_not_copied_is_read(as_author: Client, text: str) -> None:
    _page, form = paste(as_author, text.replace("ER  -\n", "").rstrip())
    assert form["title"] == "Needles for faces: a trial"


@pytest.mark.parametrize("both", [RIS + RIS, NBIB + NBIB, BIBTEX + BIBTEX.replace("smith", "doe")])
def test_of_several_the_first_is_taken_and_the_page_says_so(as_author: Client, both: str) -> None:
    page, form = paste(as_author, both)
    assert "The form holds the first of 2 references." in page
    assert form["title"] == "Needles for faces: a trial"
    assert form["publisher"] == "BMJ"


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "This is no reference"),
        ("Smith J. Needles. BMJ 2024.", "This is no reference"),
        ("<script>alert(1)</script>", "This is no reference"),
        ("TY  - JOUR\nER  - ", "There is no title"),
        ("TY  - JOUR\nno tag\n", "There is no title"),
        ("PMID- 12", "There is no title"),
        ("@article{a, title={never closed", "a bracket may be missing"),
        ("@article{" + "{" * 20_000, "a bracket may be missing"),
        ("@article{a, title = unknown}", "a bracket may be missing"),
        ("@comment{a}", "a bracket may be missing"),
        ("TY  - " + "x" * 60_000, "paste one reference"),
        ("TY  - JOUR\nT\0I  - \0\nER  - ", "There is no title"),
    ],
)
def test_what_is_no_reference_gets_a_sentence_and_stays(
    as_author: Client, text: str, sentence: str
) -> None:
    answer = as_author.post(ADD, {"pasted": text, "_fill": "1"})
    assert answer.status_code == 200
    assert sentence in answer.content.decode()
    assert "<script>alert" not in answer.content.decode()
    assert filled(answer, "paste_form")["pasted"].strip() == text.strip()
    assert filled(answer, "source_form")["title"] == ""


def test_numbers_that_are_none_are_left_out(as_author: Client) -> None:
    odd = RIS.replace("https://doi.org/10.1136/BMJ.x1", "see page 3").replace(
        "https://www", "javascript://www"
    )
    _page, form = paste(as_author, odd.replace("2024/03/15/", "in press"))
    assert (form["doi"], form["url"], form["published_on"]) == ("", "", "")


def test_very_long_titles_are_cut_to_what_a_source_holds(as_author: Client) -> None:
    _page, form = paste(as_author, RIS.replace("Needles", "N" * 900))
    assert len(form["title"]) == 500


@pytest.mark.parametrize("known", [{"doi": "10.1136/bmj.x1"}, {"pmid": "12345678"}])
def test_a_source_on_record_is_named_with_a_link(as_author: Client, known: dict[str, str]) -> None:
    source = Source.objects.create(title="Needles <b>on</b> record", **known)
    page, _form = paste(as_author, NBIB)
    assert "This source is on record already" in page
    assert f'<a href="/admin/articles/source/{source.pk}/change/">Needles &lt;b&gt;on' in page


def test_who_may_not_add_a_source_may_not_fill_its_form(as_reviewer: Client) -> None:
    assert as_reviewer.post(ADD, {"pasted": RIS, "_fill": "1"}).status_code == 403
    page = Client().post(ADD, {"pasted": RIS, "_fill": "1"}, follow=True).content.decode()
    assert "Look it over, and save it." not in page
    assert not Source.objects.exists()
