"""The page of a programme: everybody sees the path, who signed in sees how far they are."""

import pytest
from django.urls import reverse

from courses.models import Prerequisite, Programme, ProgrammeItem, Unit
from enrollments.services.enrolling import enroll_self
from enrollments.services.learning import mark_unit_done
from lms.core.clock import now
from tests.factories import ProviderFactory, UserFactory, offering_of, published_version

pytestmark = pytest.mark.django_db


@pytest.fixture
def path():
    """Three modules of three providers in a published programme; the second asks the first."""
    versions = [published_version(units=("text",), title={"nl": title}) for title in ("Meten", "Regelen", "Sturen")]
    programme = Programme.objects.create(
        provider=ProviderFactory(), code="vakman", title={"nl": "Vakman"}, published_at=now(), optional_minimum=1
    )
    for position, version in enumerate(versions):
        ProgrammeItem.objects.create(
            programme=programme, module=version.module, position=position, required=position < 2
        )
    Prerequisite.objects.create(module=versions[1].module, requires=versions[0].module)
    return programme, versions


def address(programme):
    return reverse("enrollments:programme", args=[programme.provider.slug, programme.code])


def test_everybody_sees_the_path_with_dates(client, path):
    programme, versions = path
    offering_of(versions[0], starts_on="2031-03-04", ends_on="2031-04-04")
    page = client.get(address(programme), headers={"accept-language": "en"}).content.decode()
    assert page.index("Meten") < page.index("Regelen") < page.index("Sturen")
    assert "first complete: Meten" in page
    assert "4 March 2031" in page
    assert "You have completed" not in page
    assert reverse("courses:module", args=[versions[0].module.provider.slug, versions[0].module.code]) in page


def test_who_signed_in_sees_what_is_done_and_what_comes_next(client, path):
    programme, versions = path
    learner = UserFactory(language="en")
    done = enroll_self(by=learner, offering=offering_of(versions[0]))
    mark_unit_done(by=learner, enrollment=done, unit=Unit.objects.get(section__version=versions[0]))
    busy = enroll_self(by=learner, offering=offering_of(versions[1]))
    client.force_login(learner)
    page = client.get(address(programme)).content.decode()
    assert "You have completed 1 of 3 modules." in page
    assert page.count(">done</span>") == page.count(">busy</span>") == page.count(">to do</span>") == 1
    assert reverse("enrollments:learn", args=[busy.pk]) in page


def test_a_draft_is_not_there_for_others(client, path):
    programme, _versions = path
    Programme.objects.update(published_at=None)
    assert client.get(address(programme)).status_code == 404


def test_the_number_of_queries_does_not_grow_with_the_modules(client, path, django_assert_max_num_queries):
    programme, _versions = path
    for position in range(3, 15):
        version = published_version(units=("text",))
        offering_of(version)
        ProgrammeItem.objects.create(programme=programme, module=version.module, position=position)
    with django_assert_max_num_queries(12):
        client.get(address(programme))


def test_a_module_says_in_which_programmes_it_is_and_what_it_asks(client, path):
    programme, versions = path
    module = versions[1].module
    page = client.get(
        reverse("courses:module", args=[module.provider.slug, module.code]), headers={"accept-language": "en"}
    ).content.decode()
    assert address(programme) in page
    assert "Meten" in page
