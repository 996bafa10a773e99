"""What a certificate says, frozen: read once in the completing moment, never again.

Everything is plain JSON. `format` rises when the shape changes; templates of an older format keep reading the old one.
"""

import unicodedata
from typing import Any

from django.conf import settings
from django.utils import timezone

from courses.models import DocumentType, ModuleVersion, Offering
from enrollments.models import Completion, Enrollment
from lms.accounts.models import User
from lms.core.texts import LANGUAGES, Text
from lms.organizations.models import Employment, Organization

Snapshot = dict[str, Any]

FORMAT = 1

# Never 'diploma': that word is the law's. The last three keep their Dutch legal name in English.
DOCUMENT_TITLES: dict[str, Text] = {
    DocumentType.PARTICIPATION: {"nl": "Bewijs van deelname", "en": "Proof of participation"},
    DocumentType.CERTIFICATE: {"nl": "Certificaat", "en": "Certificate"},
    DocumentType.MICROCREDENTIAL: {"nl": "Microcredential", "en": "Microcredential"},
    DocumentType.PRAKTIJKVERKLARING: {"nl": "Praktijkverklaring", "en": "Praktijkverklaring"},
    DocumentType.MBO_VERKLARING: {"nl": "Mbo-verklaring", "en": "Mbo-verklaring"},
    DocumentType.MBO_CERTIFICAAT: {"nl": "Mbo-certificaat", "en": "Mbo-certificaat"},
}
_JOINERS = "\u200c\u200d"  # Persian and the scripts of India need them to spell


def snapshot_of(completion: Completion) -> Snapshot:
    """All that the certificate of this completion will ever say.

    The result's score is kept here for the holder and the provider; it is not printed, because an employer may hold
    the document and a grade is the worker's to share.
    """
    enrollment = completion.enrollment
    version = enrollment.version
    return {
        "format": FORMAT,
        "platform": {"name": settings.SITE_NAME, "url": settings.BASE_URL},
        "document": {"type": version.document_type, "title": DOCUMENT_TITLES[version.document_type]},
        "holder": holder_facts(enrollment.learner, enrollment),
        "provider": _provider_facts(enrollment.provider),
        "module": {
            "code": version.module.code,
            "version": version.number,
            "title": _text(version.title),
            "track": version.track,
            "purpose": version.purpose,
        },
        "offering": _offering_facts(enrollment.offering),
        "completed_on": timezone.localdate(completion.completed_at).isoformat(),
        "result": {"score": completion.result.get("score")},
        **_learning_facts(version),
    }


def holder_facts(learner: User, enrollment: Enrollment, *, name: str | None = None) -> Snapshot:
    """The holder's name as it is now. Somebody without any is named by personnel number, or by e-mail address.

    A completion never fails on a missing name: the document can be replaced once the name is known.
    """
    known = plain(name if name is not None else learner.full_name)
    if known:
        return {"name": known, "name_known": True}
    employment = Employment.objects.filter(user=learner, employer=enrollment.employer_id).exclude(personnel_number="")
    number = employment.values_list("personnel_number", flat=True).first()
    if number and enrollment.employer:
        return {"name": plain(f"{number}, {enrollment.employer.name}"), "name_known": False}
    return {"name": plain(learner.email or str(learner.pk)), "name_known": False}


def plain(text: str) -> str:
    """One line of text without control, bidirectional-override, private or unassigned characters."""
    composed = unicodedata.normalize("NFC", text)
    kept = (
        " " if char.isspace() else char
        for char in composed
        if char.isspace() or char in _JOINERS or unicodedata.category(char)[0] != "C"
    )
    return " ".join("".join(kept).split())


def _text(text: Text | None) -> Text:
    return {language: plain(value) for language, value in (text or {}).items() if language in LANGUAGES and value}


def _provider_facts(provider: Organization) -> Snapshot:
    return {
        "slug": provider.slug,
        "name": plain(provider.name),
        "kvk": provider.kvk,
        "brin": provider.brin,
        "rio_code": provider.rio_code,
        "website": provider.website,
        "is_recognised_school": provider.is_recognised_school,
    }


def _offering_facts(offering: Offering) -> Snapshot:
    return {
        "code": offering.code,
        "starts_on": offering.starts_on.isoformat(),
        "ends_on": offering.ends_on.isoformat() if offering.ends_on else None,
        "delivery": offering.delivery,
        "location": plain(str(offering.location)) if offering.location else "",
        "language": offering.language,
    }


def _learning_facts(version: ModuleVersion) -> Snapshot:
    return {
        "level": _level(version),
        "load": {"value": str(version.load), "unit": version.load_unit} if version.load else None,
        "languages": list(version.languages),
        "outcomes": [_text(outcome) for outcome in version.outcomes],
        "skills": list(version.skills.values("framework", "uri", "code", "label_nl", "label_en")),
        "codes": {
            "crebo": version.crebo,
            "croho": version.croho,
            "certificate_code": version.certificate_code,
            "isced": version.isced,
        },
        "work_processes": [plain(str(process)) for process in version.work_processes],
        "assessment": {
            "quality_framework": version.quality_framework,
            "assessment_type": plain(version.assessment_type),
            "participation_form": plain(version.participation_form),
            "identity_check": plain(version.identity_check),
        },
    }


def _level(version: ModuleVersion) -> Snapshot | None:
    if version.level is None:
        return None
    return {
        "nlqf": version.level,
        "official": version.level_is_official,
        "basis": version.nlqf_basis,
        "register_number": version.nlqf_number,
    }
