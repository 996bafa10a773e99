"""What the first template prints: the snapshot put into words, in the certificate's language.

Never changed once documents were made with it; its words lie beside the template, apart from the site's translations.
"""

import json
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Any

from django.utils import timezone

from certificates.models import Certificate
from lms.core.texts import Text

TEMPLATE = "v1"
WORDS = Path(__file__).resolve().parent.parent / "templates" / "certificates" / "pdf" / TEMPLATE / "words.json"

Words = dict[str, Any]
_SIZES = ((26, "xl"), (42, "l"), (80, "m"), (140, "s"))


def page_words(certificate: Certificate) -> Words:
    """Everything the template shows: plain texts, lists and links of our own."""
    facts, language = certificate.snapshot, certificate.language
    words = _words()[language]
    title = spoken(facts["module"]["title"], language)
    holder = facts["holder"]["name"]
    document = spoken(facts["document"]["title"], language)
    other = facts["document"]["title"]["en" if language == "nl" else "nl"]
    platform_url = facts["platform"]["url"]
    verify_url = f"{platform_url}/verify/{certificate.code}"
    return {
        "language": language,
        "words": words,
        "meta_title": f"{document['text']} – {title['text']} – {holder}",
        "created": certificate.issued_at.strftime("%Y-%m-%dT%H:%M:%SZ"),
        "document": document,
        "document_other": other if other != document["text"] else "",
        "provider": facts["provider"]["name"],
        "provider_register": words["register"].format(kvk=facts["provider"]["kvk"]) if facts["provider"]["kvk"] else "",
        "platform": facts["platform"]["name"],
        "holder": holder,
        "holder_size": _size(holder),
        "achieved": words["achieved"][facts["document"]["type"]],
        "title": title,
        "title_size": _size(title["text"]),
        "module_code": facts["module"]["code"],
        "rows": [_main_facts(certificate, words)[:3], _main_facts(certificate, words)[3:]],
        "outcomes": [spoken(outcome, language) for outcome in facts["outcomes"]],
        "skills": " · ".join(
            spoken({"nl": skill["label_nl"], "en": skill["label_en"]}, language)["text"] or skill["label_en"]
            for skill in facts["skills"]
        ),
        "details": _details(facts, words),
        "verify_url": verify_url,
        "verify_how": words["verify_how"].format(address=f"{platform_url.split('://')[-1]}/verify"),
        "code": " ".join(certificate.code[start : start + 4] for start in range(0, len(certificate.code), 4)),
        "qr_alt": words["qr_alt"].format(url=verify_url),
        "serial": certificate.serial,
        "issued_on": _day(timezone.localdate(certificate.issued_at), words),
    }


def spoken(text: Text, language: str) -> dict[str, str]:
    """The text and the language it is really in, which a screen reader needs."""
    if text.get(language):
        return {"text": text[language], "language": language}
    return {"text": text.get("nl", ""), "language": "nl"}


@cache
def _words() -> dict[str, Words]:
    return dict(json.loads(WORDS.read_text()))


def _main_facts(certificate: Certificate, words: Words) -> list[dict[str, str]]:
    facts = certificate.snapshot
    offering, module = facts["offering"], facts["module"]
    until = certificate.valid_until
    valid = words["valid_forever"] if until is None else words["valid_until"].format(date=_day(until, words))
    return [
        {"label": words["level"], **_level(facts, words)},
        {"label": words["load"], **_load(facts["load"], words, certificate.language)},
        {
            "label": words["completed"],
            "value": _day(facts["completed_on"], words),
            "note": words["offering"].format(code=offering["code"]),
        },
        {"label": words["form"], "value": words["deliveries"][offering["delivery"]], "note": offering["location"]},
        {"label": words["kind"], "value": f"{module['track']} · {words['purposes'][module['purpose']]}", "note": ""},
        {"label": words["valid"], "value": valid, "note": words["valid_note"]},
    ]


def _level(facts: Words, words: Words) -> dict[str, str]:
    """Official only on a code or a register number (Wet NLQF); 'indicative' in so many words otherwise."""
    level = facts["level"]
    if level is None:
        return {"value": words["level_none"], "note": ""}
    nlqf = level["nlqf"]
    if not level["official"]:
        return {"value": words["level_indicative"].format(nlqf=nlqf), "note": words["basis_indicative"]}
    codes = [f"{name} {facts['codes'][name]}" for name in ("crebo", "croho") if facts["codes"][name]]
    note = words[f"basis_{level['basis']}"].format(codes=", ".join(codes), number=level["register_number"])
    return {"value": words["level_official"].format(nlqf=nlqf, eqf=nlqf), "note": note}


def _load(load: Words | None, words: Words, language: str) -> dict[str, str]:
    """The value in its own unit: SBU is never turned into EC."""
    if load is None:
        return {"value": words["load_none"], "note": ""}
    number = load["value"].removesuffix(".0")
    number = number.replace(".", ",") if language == "nl" else number
    return {"value": f"{number} {words['units'][load['unit']]}", "note": words.get(f"load_note_{load['unit']}", "")}


def _details(facts: Words, words: Words) -> list[dict[str, str]]:
    offering, codes, assessment = facts["offering"], facts["codes"], facts["assessment"]
    start = _day(offering["starts_on"], words)
    period = (
        f"{start} – {_day(offering['ends_on'], words)}" if offering["ends_on"] else words["from"].format(date=start)
    )
    framework = assessment["quality_framework"]
    values = {
        "languages": ", ".join(words["language_names"].get(code, code) for code in facts["languages"]),
        "period": period,
        "crebo": codes["crebo"],
        "croho": codes["croho"],
        "certificate_code": codes["certificate_code"],
        "work_processes": ", ".join(facts["work_processes"]),
        "isced": codes["isced"],
        "quality_framework": " – ".join(str(framework[key]) for key in ("name", "url") if framework.get(key)),
        "assessment_type": assessment["assessment_type"],
        "participation_form": assessment["participation_form"],
        "identity_check": assessment["identity_check"],
    }
    return [{"label": words[key], "value": value} for key, value in values.items() if value]


def _day(day: date | str, words: Words) -> str:
    moment = datetime.fromisoformat(day) if isinstance(day, str) else day
    return f"{moment.day} {words['months'][moment.month - 1]} {moment.year}"


def _size(text: str) -> str:
    return next((size for limit, size in _SIZES if len(text) <= limit), "xs")
