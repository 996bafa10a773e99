"""Version 6 of the Open Education API: how our rows are spelled in it."""

from uuid import UUID

from django.urls import reverse

from courses.models import Module, ModuleVersion, Offering, Programme, Skill, Unit
from lms.organizations.models import Location, Organization

from . import facts
from .facts import LOCALES, NOTHING, Body, Expanded, Site, code, codes, extras, load, moment, said, texts

LEVELS: dict[facts.Level, str] = {
    1: "secondary_vocational_education_1",
    2: "secondary_vocational_education_2",
    3: "secondary_vocational_education_3",
    4: "secondary_vocational_education_4",
    5: "associate_degree",
    6: "bachelor",
    7: "master",
    8: "doctoral",
    "mbo": "secondary_vocational_education",
    None: "undefined",
}
OTHER_LEVELS = ("pre_vocational", "post_doctoral", "undivided", "nt2_1", "nt2_2")
MODES = {
    "online": "online",
    "digital_classroom": "online",
    "hub": "presential",
    "workplace": "work_based",
    "blended": "blended",
}
PROGRAM_TYPE = "track"
PROGRAM_TYPES = ("programme", "minor", "honours", "specialisation", "track", "specification")
EXPANDS = {
    "organization": {"parent": "", "children": ""},
    "program": {"parent": "", "children": "", "coordinators": "", "instructors": "", "organisation": "provider"},
    "course": {"programmes": "programmes", "coordinators": "", "instructors": "", "organisation": "provider"},
    "learning_component": {"course": "course", "organisation": "provider"},
    "judged_component": {"course": "course", "organisation": "provider"},
    "outcome": {"organisation": "", "parents": "", "children": ""},
    "offering": {"course": "course", "programme_offering": "", "academic_session": ""},
}
ORGANIZATION_TYPES = ("root", "institute", "department", "faculty", "branch", "academy", "school")


def service(site: Site, contact: str) -> Body:
    """Where this service and its words are described; the view adds what is supported."""
    branch = "https://raw.githubusercontent.com/open-education-api/specification/refs/heads/release/6.0"
    return {
        "contactEmail": contact,
        "specification": f"{branch}/oeapi.json",
        "documentation": site(reverse("courses:for_systems")),
    }


def organization(found: Organization, site: Site, expanded: Expanded = NOTHING) -> Body:
    """A provider. Each is a root: there is nothing above it, and they share only this service."""
    body = {
        "organisationId": str(found.pk),
        "primaryCode": code(found.slug),
        "organisationType": "root",
        "name": [{"language": "nl-NL", "value": found.name}],
        "shortName": found.name,
        "addresses": [address(place, "visit") for place in found.locations.all()],
        "link": found.website,
        "otherCodes": codes(
            {"institution_code": found.brin, "x-rio": found.rio_code, "kvk_organisation_id": found.kvk}
        ),
    }
    return said(body)


def course(version: ModuleVersion, site: Site, expanded: Expanded = NOTHING) -> Body:
    """A module, as its newest published version says. Outcomes in the provider's words are in `ext`: see `outcome`."""
    module = version.module
    other_codes = {
        "x-crebo": version.crebo,
        "x-croho": version.croho,
        "x-certificaatcode": version.certificate_code,
        "x-nlqf": version.nlqf_number,
    }
    together = load(version.load, version.load_unit)
    body = {
        "courseId": str(module.pk),
        "primaryCode": code(module.code),
        "name": texts(version.title),
        "abbreviation": module.code,
        "studyLoad": [together] if together else [],
        "modesOfDelivery": _modes(facts.deliveries_of(version)),
        "description": texts(facts.first_filled(version.description, version.summary)),
        "teachingLanguages": [LOCALES[language] for language in version.languages],
        "fieldsOfStudy": version.isced,
        "learningOutcomeIds": [str(skill.pk) for skill in version.skills.all()],
        "level": LEVELS[facts.level_of(version)],
        "link": facts.module_page(version, site),
        "otherCodes": codes(other_codes),
        "validFrom": moment(version.published_at) if version.published_at else None,
        "validTo": moment(module.retired_at) if module.retired_at else None,
        "ext": extras(version) | said({"learningOutcomes": [texts(outcome) for outcome in version.outcomes]}),
    }
    return said(body | _provided_by(module.provider_id, site, expanded) | _part_of(version, site, expanded))


def program(programme: Programme, site: Site, expanded: Expanded = NOTHING) -> Body:
    """A learning path. A track: it leads to no qualification of its own."""
    courses = facts.courses_in(programme)
    languages = {language for version in courses for language in version.languages}
    together = facts.programme_load(programme)
    body = {
        "programmeId": str(programme.pk),
        "primaryCode": code(programme.code, "programme_code"),
        "programmeType": PROGRAM_TYPE,
        "name": texts(programme.title),
        "abbreviation": programme.code,
        "description": texts(facts.first_filled(programme.description, programme.summary)),
        "teachingLanguages": [locale for language, locale in LOCALES.items() if language in languages],
        "studyLoad": [together] if together else [],
        "level": LEVELS[facts.programme_level(programme)],
        "validFrom": moment(programme.published_at) if programme.published_at else None,
        "validTo": moment(programme.retired_at) if programme.retired_at else None,
    }
    return said(body | _provided_by(programme.provider_id, site, expanded))


def learning_component(unit: Unit, site: Site, expanded: Expanded = NOTHING) -> Body:
    """A unit to read, watch or do."""
    return _component(unit, "independent_study", site, expanded)


def judged_component(unit: Unit, site: Site, expanded: Expanded = NOTHING) -> Body:
    """A unit that is judged by its questions."""
    return _component(unit, "digital_test", site, expanded)


def _component(unit: Unit, kind: str, site: Site, expanded: Expanded) -> Body:
    version = unit.section.version
    module = version.module
    number = facts.place_number(unit)
    body = {
        "componentId": str(unit.pk),
        "primaryCode": code(f"{module.code}/{number}", "component_code"),
        "componentType": kind,
        "name": texts(unit.title),
        "abbreviation": number,
        "duration": f"PT{unit.minutes}M",
        "teachingLanguages": [LOCALES[language] for language in version.languages],
        "ext": {"required": unit.required},
    }
    return said(body | _within(module, site, expanded) | _provided_by(module.provider_id, site, expanded))


def outcome(skill: Skill, site: Site, expanded: Expanded = NOTHING) -> Body:
    """A skill of a framework: the outcomes that have an id of their own, and that modules share."""
    labels = {"nl": skill.label_nl, "en": skill.label_en}
    return {
        "learningOutcomeId": str(skill.pk),
        "primaryCode": code(skill.uri),
        "name": texts(labels),
        "otherCodes": codes({"x-framework": skill.framework, "x-code": skill.code}),
    }


def offering(found: Offering, site: Site, expanded: Expanded = NOTHING) -> Body:
    """A dated run."""
    version = found.version
    module = version.module
    body = {
        "courseOfferingId": str(found.pk),
        "primaryCode": code(found.code, "offering_code"),
        "name": texts(version.title),
        "abbreviation": found.code,
        "state": _state(found),
        "description": texts(facts.first_filled(version.summary, version.description)),
        "teachingLanguages": [LOCALES[found.language]],
        "modesOfDelivery": [MODES[found.delivery]],
        "maxNumberStudents": found.capacity,
        "enrolledNumberStudents": found.taken,
        "minNumberStudents": found.minimum,
        "resultExpected": True,
        "resultValueType": "pass_or_fail",
        "link": facts.module_page(version, site),
        "startDateTime": moment(facts.start_of(found.starts_on)),
        "endDateTime": moment(facts.end_of(found.ends_on)) if found.ends_on else None,
        "enrolmentPeriods": [_enrolment_period(found, site)],
        "addresses": [address(found.location, "teaching")] if found.location else [],
        "priceInformation": [{"costType": "total_costs"} | facts.price_of(found)],
        "ext": {"state": found.state},
    }
    return said(body | _within(module, site, expanded) | _provided_by(found.provider_id, site, expanded))


def address(place: Location, kind: str) -> Body:
    """Where people meet."""
    street, number = facts.street_and_number(place.street)
    return said(
        {
            "addressType": kind,
            "street": street,
            "streetNumber": number,
            "additional": [{"language": "nl-NL", "value": place.name}],
            "postCode": place.postal_code,
            "city": place.city,
            "countryCode": {"iso3166-1-alpha2": "NL"},
            "geolocation": facts.position_of(place),
        }
    )


def _enrolment_period(offering: Offering, site: Site) -> Body:
    """Version 6 requires a start: without one, enrolling was open from the publication on."""
    published = offering.version.published_at
    opens = facts.start_of(offering.enroll_from) if offering.enroll_from else published
    return said(
        {
            "startDateTime": moment(opens or facts.start_of(offering.starts_on)),
            "endDateTime": moment(facts.end_of(offering.enroll_until)) if offering.enroll_until else None,
            "enrolmentUrl": facts.module_page(offering.version, site),
            "queueEnabled": offering.capacity is not None,
        }
    )


def _state(offering: Offering) -> str:
    if offering.cancelled_at:
        return "cancelled"
    return "active" if facts.is_available(offering) else "inactive"


def _modes(deliveries: list[str]) -> list[str]:
    return sorted({MODES[delivery] for delivery in deliveries})


def _provided_by(provider: UUID, site: Site, expanded: Expanded) -> Body:
    if "provider" in expanded:
        return {"organisation": organization(expanded["provider"], site)}
    return {"organisationId": str(provider)}


def _within(module: Module, site: Site, expanded: Expanded) -> Body:
    if "course" in expanded:
        return {"course": course(expanded["course"], site)}
    return {"courseId": str(module.pk)}


def _part_of(version: ModuleVersion, site: Site, expanded: Expanded) -> Body:
    if "programmes" in expanded:
        return {"programmes": [program(each, site) for each in expanded["programmes"]]}
    return {"programmeIds": [str(pk) for pk in facts.programmes_of(version)]}
