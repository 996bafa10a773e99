"""What a version's facts must say before it is published. See docs: levels and documents are bound by law.

Each rule is a question about one version that yields every error it finds.
"""

import re
from collections.abc import Iterator

from django.utils.translation import gettext as _

from courses.kinds.base import as_object, written
from courses.models import DocumentType, LoadUnit, ModuleVersion, NlqfBasis, Track
from courses.reference import qualification
from lms.core.errors import FieldError

FIVE_DIGITS = re.compile(r"[0-9]{5}")
FOUR_DIGITS = re.compile(r"[0-9]{4}")
CERTIFICATE_CODE = re.compile(r"[A-Z][0-9]{4}")
WORK_PROCESS = re.compile(r"[A-Z][0-9]{1,2}-K[0-9]{1,2}-W[0-9]{1,2}")
WEB_ADDRESS = re.compile(r"https?://[^\s/]+\.[^\s]+")

SCHOOL_DOCUMENTS = (DocumentType.PRAKTIJKVERKLARING, DocumentType.MBO_VERKLARING, DocumentType.MBO_CERTIFICAAT)
MICROCREDENTIAL_EC = (3, 30)  # the guideline of the national pilot


def texts(version: ModuleVersion) -> Iterator[FieldError]:
    """Title, summary, description and outcomes in Dutch."""
    if not written(version.title):
        yield FieldError("title/nl", "empty", _("Give a title in Dutch."))
    if not written(version.summary):
        yield FieldError("summary/nl", "empty", _("Give a summary in Dutch: one or two sentences for the catalogue."))
    if not written(version.description):
        yield FieldError("description/nl", "empty", _("Give a description in Dutch."))
    if not version.outcomes:
        yield FieldError("outcomes", "empty", _("Give at least one learning outcome."))
    for index, outcome in enumerate(version.outcomes):
        if not written(outcome):
            message = _("Learning outcome %(n)d: write it in Dutch.") % {"n": index + 1}
            yield FieldError(f"outcomes/{index}/nl", "empty", message)


def load_and_language(version: ModuleVersion) -> Iterator[FieldError]:
    """A load in the unit of the track, and a language of instruction."""
    if version.load <= 0:
        yield FieldError("load", "empty", _("Give the study load: more than 0."))
    if version.track == Track.MBO and version.load_unit == LoadUnit.ECTS:
        yield FieldError("load_unit", "track", _("EC belong to hbo and wo: use hours or SBU for mbo."))
    if not version.languages:
        yield FieldError("languages", "empty", _("Choose the language of instruction: Dutch or English."))


def level(version: ModuleVersion) -> Iterator[FieldError]:
    """A level is stated as official only by right (Wet NLQF)."""
    if version.nlqf_basis == NlqfBasis.INDICATIVE:
        return
    if version.level is None:
        yield FieldError("level", "empty", _("Give the level that the code or the register states."))
    if version.nlqf_basis == NlqfBasis.REGISTER and not version.nlqf_number.strip():
        message = _("Give the NLQF register number, or call the level indicative.")
        yield FieldError("nlqf_number", "empty", message)
    if version.nlqf_basis == NlqfBasis.FORMAL:
        yield from _formal_level(version)


def _formal_level(version: ModuleVersion) -> Iterator[FieldError]:
    code = "crebo" if version.track == Track.MBO else "croho"
    if not getattr(version, code):
        message = _("A formal level needs the %(code)s code; otherwise call the level indicative.") % {"code": code}
        yield FieldError(code, "empty", message)
    found = qualification(version.crebo) if version.crebo else None
    if found is not None and version.level is not None and found.level != version.level:
        message = _("Crebo %(crebo)s (%(name)s) is level %(level)d: give that level.")
        names = {"crebo": found.crebo, "name": found.name, "level": found.level}
        yield FieldError("level", "crebo", message % names)
    if version.track != Track.MBO and version.level is not None and version.level < 5:
        yield FieldError("level", "track", _("A croho code stands for level 5 or higher."))


def codes(version: ModuleVersion) -> Iterator[FieldError]:
    """Codes that are given are codes that can exist."""
    if version.crebo and not FIVE_DIGITS.fullmatch(version.crebo):
        yield FieldError("crebo", "pattern", _("A crebo code has five digits."))
    elif version.crebo and qualification(version.crebo) is None:
        message = _("Crebo %(crebo)s is not in the list of qualifications: check the code.")
        yield FieldError("crebo", "unknown", message % {"crebo": version.crebo})
    if version.croho and not FIVE_DIGITS.fullmatch(version.croho):
        yield FieldError("croho", "pattern", _("A croho code has five digits."))
    if version.isced and not FOUR_DIGITS.fullmatch(version.isced):
        yield FieldError("isced", "pattern", _("An ISCED-F code has four digits, such as 0715."))
    if version.certificate_code and not CERTIFICATE_CODE.fullmatch(version.certificate_code):
        yield FieldError("certificate_code", "pattern", _("A certificate code is a letter and four digits: C0022."))
    for index, process in enumerate(version.work_processes):
        if not WORK_PROCESS.fullmatch(process):
            message = _("Work process %(process)s: write it such as B1-K1-W1.") % {"process": process}
            yield FieldError(f"work_processes/{index}", "pattern", message)


def document(version: ModuleVersion) -> Iterator[FieldError]:
    """The document may be issued by this provider and has the codes that it must name."""
    kind = version.document_type
    if kind == DocumentType.MICROCREDENTIAL:
        yield from _microcredential(version)
    if kind not in SCHOOL_DOCUMENTS:
        return
    if not version.module.provider.is_recognised_school:
        message = _("Only a recognised school may issue this document: choose a certificate or proof of participation.")
        yield FieldError("document_type", "school", message)
    if version.track != Track.MBO:
        yield FieldError("document_type", "track", _("This document belongs to the mbo track."))
    if not version.crebo:
        yield FieldError("crebo", "empty", _("This document needs the crebo code of the qualification."))
    if kind == DocumentType.MBO_CERTIFICAAT and not version.certificate_code:
        yield FieldError("certificate_code", "empty", _("An mbo-certificaat needs its certificate code."))
    if kind == DocumentType.PRAKTIJKVERKLARING and not version.work_processes:
        yield FieldError("work_processes", "empty", _("A praktijkverklaring needs its work processes."))


def _microcredential(version: ModuleVersion) -> Iterator[FieldError]:
    if version.track not in (Track.HBO, Track.WO):
        yield FieldError("document_type", "track", _("A microcredential belongs to the hbo or wo track."))
    lowest, highest = MICROCREDENTIAL_EC
    if version.load_unit != LoadUnit.ECTS:
        yield FieldError("load_unit", "unit", _("Give the load of a microcredential in EC."))
    elif not lowest <= version.load <= highest:
        message = _("A microcredential has from %(lowest)d to %(highest)d EC.")
        yield FieldError("load", "range", message % {"lowest": lowest, "highest": highest})
    if version.level is None:
        yield FieldError("level", "empty", _("Give the level of the microcredential."))
    framework = as_object(version.quality_framework)
    if not str(framework.get("name") or "").strip():
        yield FieldError("quality_framework/name", "empty", _("Name the quality framework of the microcredential."))
    if not WEB_ADDRESS.fullmatch(str(framework.get("url") or "")):
        yield FieldError("quality_framework/url", "empty", _("Give the web address of the quality framework."))
    if not version.participation_form.strip():
        yield FieldError("participation_form", "empty", _("Say how people take part, such as online or on site."))
    if not version.assessment_type.strip():
        yield FieldError("assessment_type", "empty", _("Say how the outcomes are assessed."))
    if not version.identity_check.strip():
        yield FieldError("identity_check", "empty", _("Say how the identity of participants is checked."))


FACT_RULES = (texts, load_and_language, level, codes, document)
