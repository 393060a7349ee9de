"""What was written for a deed that came too late: the page shows it, though not in a field."""

from typing import Any

from comments.admin.case_forms import AppealForm, CaseForm


def late_words(page: dict[str, Any], late: AppealForm | None = None) -> list[str]:
    """Return what was sent and stands in no field of `page`, as it was made for the template.

    `late`: the answer to an appeal that somebody decided meanwhile.
    """
    form: CaseForm = page["form"]
    shown = set() if page["why_not"] else fields_shown(page["deeds"])
    sent = [form[name].value() for name in ("text", "reason", "facts") if name not in shown]
    answers = [late] if late else []
    if all(why_not for _appeal, why_not in page["appeals"]) or page["why_not"]:
        answers.append(page["appeal_form"])
    sent += [answer["answer"].value() for answer in answers]
    return [words for words in sent if words]


def fields_shown(deeds: dict[str, Any]) -> set[str]:
    """Return the fields for words that stand beside the buttons of these deeds."""
    answers = {"text"} if deeds.keys() & {"reply", "correct"} else set()
    reasons = {"reason", "facts"} if deeds.keys() & {"remove", "sanction"} else set()
    return answers | reasons
