"""A module as schema.org describes a course, for search engines: what is true and public, nothing else.

Terms: https://schema.org/Course and https://schema.org/CourseInstance.
"""

from collections.abc import Iterable, Iterator, Mapping
from decimal import ROUND_HALF_UP, Decimal
from typing import Any
from uuid import UUID

from django.conf import settings
from django.urls import reverse
from django.utils import timezone, translation

from courses.models import Delivery, LoadUnit, ModuleVersion, Offering, Session, Visibility
from courses.templatetags.course_words import level_basis, level_words
from lms.core.texts import localized
from lms.organizations.models import Location, Organization

HOURS_PER_EC = 28
MODES = {
    Delivery.ONLINE: ("online", "OnlineEventAttendanceMode"),
    Delivery.CLASSROOM: ("online", "OnlineEventAttendanceMode"),
    Delivery.HUB: ("onsite", "OfflineEventAttendanceMode"),
    Delivery.WORKPLACE: ("onsite", "OfflineEventAttendanceMode"),
    Delivery.BLENDED: ("blended", "MixedEventAttendanceMode"),
}
AVAILABILITY = {"open": "https://schema.org/InStock", "full": "https://schema.org/SoldOut"}
Data = dict[str, Any]
Sessions = Mapping[UUID, list[Session]]


def course_data(
    version: ModuleVersion, offerings: Iterable[Offering], sessions: Sessions, language: str, picture: str = ""
) -> Data:
    """The module and its public offerings as JSON-LD."""
    url = address_of(version)
    with translation.override(language):
        data: Data = {
            "@context": "https://schema.org",
            "@type": "Course",
            "@id": url,
            "url": url,
            "name": localized(version.title, language),
            "description": localized(version.summary, language) or localized(version.title, language),
            "courseCode": version.module.code,
            "version": str(version.number),
            "datePublished": timezone.localdate(version.published_at).isoformat() if version.published_at else None,
            "provider": _organization(version.module.provider),
            "inLanguage": version.languages,
            "educationalLevel": _level(version),
            "timeRequired": duration(version),
            "numberOfCredits": _credits(version),
            "teaches": [*_outcomes(version, language), *_skills(version)],
            "educationalCredentialAwarded": _document(version),
            "image": picture,
            "hasCourseInstance": [
                _instance(version, offering, sessions.get(offering.pk, []))
                for offering in offerings
                if offering.visibility == Visibility.PUBLIC
            ],
        }
    return _without_empty(data)


def address_of(version: ModuleVersion) -> str:
    """The module's page, wherever it is mentioned."""
    return settings.BASE_URL + reverse("courses:module", args=[version.module.provider.slug, version.module.code])


def duration(version: ModuleVersion) -> str:
    """The study load as an ISO 8601 duration; 1 EC is 28 hours. Empty where there is none."""
    hours = version.load * (HOURS_PER_EC if version.load_unit == LoadUnit.ECTS else 1)
    minutes = int((hours * 60).to_integral_value(ROUND_HALF_UP))
    whole, rest = divmod(minutes, 60)
    return f"PT{f'{whole}H' if whole else ''}{f'{rest}M' if rest else ''}" if minutes else ""


def _level(version: ModuleVersion) -> Data | None:
    """Official only by right; else it says that it is indicative (Wet NLQF)."""
    if version.level is None:
        return None
    return {"@type": "DefinedTerm", "name": level_words(version), "description": level_basis(version)}


def _credits(version: ModuleVersion) -> Data | None:
    if version.load_unit != LoadUnit.ECTS or not version.load:
        return None
    return {"@type": "StructuredValue", "value": _number(version.load), "unitText": "EC"}


def _outcomes(version: ModuleVersion, language: str) -> list[str]:
    return [words for outcome in version.outcomes if (words := localized(outcome, language))]


def _skills(version: ModuleVersion) -> Iterator[Data]:
    for skill in version.skills.all():
        yield {"@type": "DefinedTerm", "name": skill.label, "url": skill.uri, "inDefinedTermSet": skill.framework}


def _document(version: ModuleVersion) -> Data:
    return {
        "@type": "EducationalOccupationalCredential",
        "name": str(version.get_document_type_display()),
        "credentialCategory": version.document_type,
        "validFor": f"P{version.validity_months}M" if version.validity_months else None,
        "recognizedBy": _organization(version.module.provider),
    }


def _instance(version: ModuleVersion, offering: Offering, sessions: list[Session]) -> Data:
    mode, attendance = MODES[Delivery(offering.delivery)]
    return {
        "@type": "CourseInstance",
        "@id": f"{address_of(version)}#{offering.code}",
        "name": offering.code,
        "courseMode": mode,
        "eventAttendanceMode": f"https://schema.org/{attendance}",
        "eventStatus": "https://schema.org/EventScheduled",
        "inLanguage": offering.language,
        "startDate": offering.starts_on.isoformat(),
        "endDate": offering.ends_on.isoformat() if offering.ends_on else None,
        "courseWorkload": duration(version),
        "courseSchedule": [_schedule(session) for session in sessions],
        "location": _place(offering.location) if offering.location and mode != "online" else None,
        "organizer": _organization(offering.provider),
        "maximumAttendeeCapacity": offering.capacity,
        "remainingAttendeeCapacity": offering.places_left,
        "offers": _offer(version, offering),
    }


def _schedule(session: Session) -> Data:
    """A meeting by the clock in Amsterdam, without the link: that is for participants."""
    starts, ends = timezone.localtime(session.starts_at), timezone.localtime(session.ends_at)
    return {
        "@type": "Schedule",
        "startDate": starts.date().isoformat(),
        "startTime": starts.time().isoformat("minutes"),
        "endDate": ends.date().isoformat(),
        "endTime": ends.time().isoformat("minutes"),
        "scheduleTimezone": "Europe/Amsterdam",
    }


def _offer(version: ModuleVersion, offering: Offering) -> Data:
    """What somebody pays, VAT included, and the same without."""
    total = offering.price_with_vat

    def price(amount: Decimal, *, with_vat: bool) -> Data:
        return {
            "@type": "PriceSpecification",
            "price": f"{amount:.2f}",
            "priceCurrency": "EUR",
            "valueAddedTaxIncluded": with_vat,
        }

    return {
        "@type": "Offer",
        "category": "Paid" if offering.price else "Free",
        "price": f"{total:.2f}",
        "priceCurrency": "EUR",
        "priceSpecification": [price(total, with_vat=True), price(offering.price, with_vat=False)],
        "availability": AVAILABILITY.get(offering.state),
        "validFrom": offering.enroll_from.isoformat() if offering.enroll_from else None,
        "validThrough": offering.enroll_until.isoformat() if offering.enroll_until else None,
        "url": f"{address_of(version)}#offerings",
    }


def _organization(organization: Organization) -> Data:
    kind = "EducationalOrganization" if organization.is_provider else "Organization"
    return {"@type": kind, "name": organization.name, "url": organization.website}


def _place(location: Location) -> Data:
    address = {
        "@type": "PostalAddress",
        "streetAddress": location.street,
        "postalCode": location.postal_code,
        "addressLocality": location.city,
        "addressCountry": "NL",
    }
    return {"@type": "Place", "name": location.name, "address": address}


def _number(value: Decimal) -> int | float:
    return int(value) if value == value.to_integral_value() else float(value)


def _without_empty(value: Any) -> Any:
    """Without what is not known: an empty property says nothing."""
    if isinstance(value, dict):
        kept = {key: _without_empty(item) for key, item in value.items()}
        return {key: item for key, item in kept.items() if item not in (None, "", [], {})}
    if isinstance(value, list):
        return [_without_empty(item) for item in value]
    return value
