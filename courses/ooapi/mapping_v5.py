"""Version 5 of the Open Education API: how our rows are spelled in it. What it requires and we lack is said here."""

from datetime import date
from uuid import UUID

from django.urls import reverse

from courses.kinds import kind_named
from courses.models import Module, ModuleVersion, Offering, Programme, Unit
from lms.organizations.models import Location, Organization

from . import facts
from .facts import NOTHING, Body, Expanded, Site, code, codes, extras, load, said, texts

LAST_DAY = date(9999, 12, 31)
LANGUAGES = {"nl": "nld", "en": "eng"}
LEVELS: dict[facts.Level, str] = {
    1: "secondary vocational education 1",
    2: "secondary vocational education 2",
    3: "secondary vocational education 3",
    4: "secondary vocational education 4",
    5: "associate degree",
    6: "bachelor",
    7: "master",
    8: "doctoral",
    "mbo": "secondary vocational education",
    None: "undefined",
}
OTHER_LEVELS = ("undivided", "nt2-1", "nt2-2")
MODES = {
    "online": "online",
    "digital_classroom": "distance-learning",
    "hub": "on campus",
    "workplace": "situated",
    "blended": "hybrid",
}
SECTORS = {
    "mbo": "secondary vocational education",
    "hbo": "higher professional education",
    "wo": "university education",
}
COMPONENT_TYPES = (
    "test",
    "lecture",
    "practical",
    "tutorial",
    "consultation",
    "project",
    "workshop",
    "excursion",
    "independent study",
    "external",
    "skills training",
)
PROGRAM_TYPE = "track"
PROGRAM_TYPES = ("program", "minor", "honours", "specialization", "track")
EXPANDS = {
    "organization": {"parent": "", "children": ""},
    "program": {
        "parent": "",
        "children": "",
        "coordinators": "",
        "organization": "provider",
        "educationSpecification": "",
    },
    "course": {
        "programs": "programmes",
        "coordinators": "",
        "organization": "provider",
        "educationSpecification": "",
    },
    "component": {"course": "course", "organization": "provider"},
    "offering": {
        "course": "course",
        "organization": "provider",
        "program": "",
        "programOffering": "",
        "courseOffering": "",
        "component": "",
        "academicSession": "",
    },
}
ORGANIZATION_TYPES = ("root", "institute", "department", "faculty", "branch", "academy", "school")


def service(site: Site, contact: str) -> Body:
    """Where this service and its words are described."""
    branch = "https://raw.githubusercontent.com/open-education-api/specification/refs/heads/release/5.0"
    return {
        "contactEmail": contact,
        "specification": f"{branch}/v5/ooapi.json",
        "documentation": site(reverse("courses:for_systems")),
    }


def organization(found: Organization, site: Site, expanded: Expanded = NOTHING) -> Body:
    """A provider. Each is a root: there is nothing above it, and they share only this service."""
    body = {
        "organizationId": str(found.pk),
        "primaryCode": code(found.slug),
        "organizationType": "root",
        "name": [{"language": "nl-NL", "value": found.name}],
        "shortName": found.name,
        "addresses": [address(place, "visit") for place in found.locations.all()],
        "link": found.website,
        "otherCodes": codes({"brin": found.brin, "x-rio": found.rio_code, "x-kvk": found.kvk}),
    }
    return said(body)


def course(version: ModuleVersion, site: Site, expanded: Expanded = NOTHING) -> Body:
    """A module, as its newest published version says."""
    module = version.module
    other_codes = {
        "crohoCreboCode": version.crebo or version.croho,
        "x-certificaatcode": version.certificate_code,
        "x-nlqf": version.nlqf_number,
    }
    body = {
        "courseId": str(module.pk),
        "primaryCode": code(module.code),
        "name": texts(version.title),
        "abbreviation": module.code,
        "studyLoad": load(version.load, version.load_unit),
        "modeOfDelivery": [MODES[delivery] for delivery in facts.deliveries_of(version)],
        "description": texts(facts.first_filled(version.description, version.summary, version.title)),
        "teachingLanguage": _language(version.languages),
        "fieldsOfStudy": version.isced,
        "learningOutcomes": [texts(outcome) for outcome in version.outcomes],
        "level": LEVELS[facts.level_of(version)],
        "link": facts.module_page(version, site),
        "otherCodes": codes(other_codes),
        "programs": _programs(version, site, expanded),
        "organization": _provider(module.provider_id, site, expanded),
        "validTo": module.retired_at.date().isoformat() if module.retired_at else None,
        "ext": extras(version),
    }
    return said(body)


def program(programme: Programme, site: Site, expanded: Expanded = NOTHING) -> Body:
    """A learning path. A track: it leads to no qualification of its own."""
    courses = facts.courses_in(programme)
    tracks = {version.track for version in courses}
    body = {
        "programId": str(programme.pk),
        "primaryCode": code(programme.code),
        "programType": PROGRAM_TYPE,
        "name": texts(programme.title),
        "abbreviation": programme.code,
        "description": texts(facts.first_filled(programme.description, programme.summary, programme.title)),
        "teachingLanguage": _language([language for version in courses for language in version.languages]),
        "studyLoad": facts.programme_load(programme),
        "level": LEVELS[facts.programme_level(programme)],
        "sector": SECTORS[tracks.pop()] if len(tracks) == 1 else None,
        "organization": _provider(programme.provider_id, site, expanded),
        "validTo": programme.retired_at.date().isoformat() if programme.retired_at else None,
    }
    return said(body)


def component(unit: Unit, site: Site, expanded: Expanded = NOTHING) -> Body:
    """A unit of the newest published version."""
    version = unit.section.version
    number = facts.place_number(unit)
    module = version.module
    return {
        "componentId": str(unit.pk),
        "primaryCode": code(f"{module.code}/{number}", "componentCode"),
        "componentType": "test" if kind_named(unit.kind).judged else "independent study",
        "name": texts(unit.title),
        "abbreviation": number,
        "duration": f"PT{unit.minutes}M",
        "teachingLanguage": _language(version.languages),
        "course": _course(module, site, expanded),
        "organization": _provider(module.provider_id, site, expanded),
        "ext": {"required": unit.required},
    }


def offering(found: Offering, site: Site, expanded: Expanded = NOTHING) -> Body:
    """A dated run. One without an end gets the last day there is, since version 5 requires an end."""
    version = found.version
    module = version.module
    body = {
        "offeringId": str(found.pk),
        "primaryCode": code(found.code, "offeringCode"),
        "offeringType": "course",
        "name": texts(version.title),
        "abbreviation": found.code,
        "description": texts(facts.first_filled(version.summary, version.description, version.title)),
        "teachingLanguage": LANGUAGES[found.language],
        "modeOfDelivery": [MODES[found.delivery]],
        "maxNumberStudents": found.capacity,
        "enrolledNumberStudents": found.taken,
        "minNumberStudents": found.minimum,
        "resultExpected": True,
        "resultValueType": "pass-or-fail",
        "link": facts.module_page(version, site),
        "startDate": found.starts_on.isoformat(),
        "endDate": (found.ends_on or LAST_DAY).isoformat(),
        "enrollStartDate": found.enroll_from.isoformat() if found.enroll_from else None,
        "enrollEndDate": found.enroll_until.isoformat() if found.enroll_until else None,
        "addresses": [address(found.location, "teaching")] if found.location else [],
        "priceInformation": [{"costType": "total costs"} | facts.price_of(found)],
        "course": _course(module, site, expanded),
        "organization": _provider(found.provider_id, site, expanded),
        "ext": {"state": found.state, "openEnded": found.ends_on is None},
    }
    return said(body)


def address(place: Location, kind: str) -> Body:
    """Where people meet."""
    street, number = facts.street_and_number(place.street)
    return said(
        {
            "addressType": kind,
            "street": street,
            "streetNumber": number,
            "additional": [{"language": "nl-NL", "value": place.name}],
            "postalCode": place.postal_code,
            "city": place.city,
            "countryCode": "NL",
            "geolocation": facts.position_of(place),
        }
    )


def _provider(provider: UUID, site: Site, expanded: Expanded) -> Body | str:
    return organization(expanded["provider"], site) if "provider" in expanded else str(provider)


def _course(module: Module, site: Site, expanded: Expanded) -> Body | str:
    return course(expanded["course"], site) if "course" in expanded else str(module.pk)


def _programs(version: ModuleVersion, site: Site, expanded: Expanded) -> list[Body] | list[str]:
    if "programmes" in expanded:
        return [program(each, site) for each in expanded["programmes"]]
    return [str(pk) for pk in facts.programmes_of(version)]


def _language(languages: list[str]) -> str:
    return LANGUAGES[languages[0] if languages else "nl"]
