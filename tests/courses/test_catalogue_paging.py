"""Pages of the catalogue in every order: nothing twice, nothing missed, there and back."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import AnonymousUser
from django.http import QueryDict

from courses.catalogue import list_versions, narrow, read_query
from lms.core.clock import today
from lms.organizations.models import Location
from tests.factories import offering_of, published_version

pytestmark = pytest.mark.django_db

ADDRESSES = [
    "",
    "q=veilig&sort=relevance",
    "sort=start",
    "sort=price",
    "near=Hardenberg&km=50&sort=distance",
    "q=veilig",
]


@pytest.fixture
def many(provider):
    towns = [
        Location.objects.create(organization=provider, name=city, city=city)
        for city in ("Hardenberg", "Ommen", "Coevorden")
    ]
    for number in range(11):
        version = published_version(provider, title={"nl": "Veilig" if number % 2 else "Werken"})
        if number % 4 or number == 0:
            starts = today() + timedelta(days=number % 3)
            offering_of(version, price=number % 5 * 10, location=towns[number % 3], starts_on=starts)
    return provider


def asked(address):
    return narrow(read_query(QueryDict(address)), AnonymousUser())


@pytest.mark.parametrize("address", ADDRESSES)
def test_every_module_once_there_and_back(many, address):
    narrowing = asked(address)
    whole = [version.pk for version in list_versions(narrowing, size=100)]
    pages, after = [], ""
    while True:
        page = list_versions(narrowing, after=after, size=3)
        pages.append(page)
        after = page.after
        if not after:
            break
    assert [version.pk for page in pages for version in page] == whole
    assert len(whole) == len(set(whole)) > 6
    back = list_versions(narrowing, before=pages[2].before, size=3)
    assert [version.pk for version in back] == [version.pk for version in pages[1]]
    first = list_versions(narrowing, before=back.before, size=3)
    assert [version.pk for version in first] == whole[:3]
    assert first.before == ""


def test_orders_mean_what_they_say(many):
    def firsts(address, column):
        versions = list_versions(asked(address), size=100)
        return [
            min(getattr(run, column) for run in version.offerings.all())
            for version in versions
            if version.offerings.all()
        ]

    assert firsts("sort=price", "price") == sorted(firsts("sort=price", "price"))
    assert firsts("sort=start", "starts_on") == sorted(firsts("sort=start", "starts_on"))
    towns = [v.offerings.get().location.city for v in list_versions(asked("near=Ommen&km=50&sort=distance"), size=100)]
    assert towns == sorted(towns, key=["Ommen", "Hardenberg", "Coevorden"].index)
    without = list_versions(asked("sort=price"), size=100).items[-2:]
    assert not any(version.offerings.exists() for version in without)


@pytest.mark.parametrize(
    "cursor", ["x", "W10", "bnVsbA", "WyJuZXdlc3QiLCAieCIsIDFd", "é" * 50, "WyJyZWxldmFuY2UiLCAiMSIsIDFd"]
)
def test_a_cursor_that_was_tampered_with_shows_the_first_page(many, cursor):
    first = [version.pk for version in list_versions(asked(""), size=3)]
    assert [version.pk for version in list_versions(asked(""), after=cursor, size=3)] == first
    assert [version.pk for version in list_versions(asked(""), before=cursor, size=3)] == first
