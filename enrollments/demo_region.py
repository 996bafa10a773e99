"""The demo story: two years of a region with forty employers more than the story names, told of by its figures alone.

The people of these employers are in no table: what is counted of them passes through the same protection as what the
platform counts itself.
"""

from datetime import date

from courses.models import ModuleVersion
from enrollments.models import RegionalQuarter
from enrollments.region.counting import Counted, versions_divided
from enrollments.region.quarters import Quarter
from enrollments.region.tables import ELSEWHERE, MEASURES, NONE
from enrollments.services.regional import publish_quarter
from lms.core.clock import today
from lms.organizations.places import municipalities

QUARTERS, EMPLOYERS = 8, 40
FORMS = ("hub", "hub", "blended", "online", "hub", "blended", "hub", "workplace", "blended", "hub", "online")
BUSY = {"completed": 5, "learning": 4, "waiting": 2, "unmet": 3, "met": 2}
OCCUPATIONS = ("7", "8", "3", "7", "8", "7", "3", "9", "7", "8", "4", NONE)


def tell_region() -> None:
    """The quarters that are over, the busiest ones last."""
    if RegionalQuarter.objects.exists():
        return
    day = today()
    quarter = Quarter.of(date(day.year - QUARTERS // 4, day.month, 1))
    kinds = _kinds_of_modules()
    for number in range(QUARTERS):
        publish_quarter(quarter, {one.key: _counted(one.key, one.of_needs, number, kinds) for one in MEASURES})
        quarter = quarter.next


def _kinds_of_modules() -> list[tuple[str, str, str]]:
    """Level, sector and kind of provider of what the story's catalogue offers."""
    divided = versions_divided()
    versions = ModuleVersion.objects.exclude(published_at=None).order_by("module__code", "number")
    schools = versions.values_list("pk", "module__provider__is_recognised_school")
    return [(*divided[pk], "school" if school else "other") for pk, school in schools]


def _counted(measure: str, of_needs: bool, number: int, kinds: list[tuple[str, str, str]]) -> Counted:
    """So many people of each employer, each with a module; employers are of different sizes and places."""
    counted, places, people = Counted(), [*municipalities(), ELSEWHERE], 0
    for employer in range(EMPLOYERS):
        size = (employer * 7 + number * 5 + len(measure)) % 6
        for one in range(size * BUSY[measure] * (number + 6) // 24):
            people += 1
            turn = employer * 3 + one * one + number
            level, sector, provider = kinds[turn % len(kinds)]
            place = places[(employer * employer + 1) % len(places)]
            if of_needs:
                divided = {"need_level": level, "need_municipality": place}
                divided["need_occupation"] = OCCUPATIONS[turn % len(OCCUPATIONS)]
            else:
                divided = {"level": level, "sector": sector, "provider": provider, "municipality": place}
                divided["form"] = FORMS[turn % len(FORMS)]
            counted.add(divided, employer, [people])
    counted.people = None if of_needs else people
    return counted
