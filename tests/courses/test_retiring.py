"""Out of the offer and back: nobody who learns or completed notices."""

from datetime import timedelta

import pytest
from django.urls import reverse

from courses.models import Module, ModuleVersion, Section, Session
from courses.services.authoring import create_draft
from courses.services.offerings import plan_offering
from courses.services.publishing import publish_version
from courses.services.retiring import bring_back_module, retire_module
from courses.services.reviewing import submit_for_review
from enrollments.services.enrolling import enroll_self
from enrollments.services.learning import mark_unit_done
from lms.core.clock import now, today
from lms.core.errors import Conflict, Forbidden, NotFound
from lms.events.models import DomainEvent
from tests.factories import ModuleVersionFactory, UserFactory, approved, offering_of, published_version, text_unit

pytestmark = pytest.mark.django_db

YESTERDAY = timedelta(days=1)


@pytest.fixture
def version(provider):
    return published_version(provider, units=("text",))


@pytest.fixture
def module(version):
    return version.module


def closed(version, **facts):
    """An offering that still runs but that nobody can enroll in any more."""
    return offering_of(version, enroll_until=today() - YESTERDAY, **facts)


def test_a_retired_module_leaves_the_catalogue_and_comes_back(client, module, version, publisher):
    page = reverse("courses:module", args=[module.provider.slug, module.code])
    retire_module(by=publisher, module=module)
    assert list(ModuleVersion.objects.current()) == []
    assert client.get(page).status_code == 404
    assert client.get("/api/v1/catalogue/").json()["results"] == []
    assert ModuleVersion.objects.get().state == "retired"
    bring_back_module(by=publisher, module=module)
    assert list(ModuleVersion.objects.current()) == [version]
    assert client.get(page).status_code == 200
    events = DomainEvent.objects.order_by("id").values_list("name", "subject_id", "payload")
    payload = {"module": str(module.pk), "provider": str(module.provider_id)}
    assert list(events) == [("module.retired", module.pk, payload), ("module.brought_back", module.pk, payload)]


def test_a_retired_module_gets_no_new_offering_and_no_new_version(module, version, publisher, teacher):
    draft = create_draft(by=teacher, module=module)
    ready = approved(draft)
    retire_module(by=publisher, module=module)
    for verb in (
        lambda: plan_offering(by=publisher, version=version, code="nieuw"),
        lambda: publish_version(by=publisher, version=ready),
    ):
        with pytest.raises(Conflict) as raised:
            verb()
        assert raised.value.code == "retired"
    ModuleVersion.objects.filter(pk=draft.pk).update(submitted_at=None, approved_at=None)
    with pytest.raises(Conflict) as raised:
        submit_for_review(by=teacher, version=draft)
    assert raised.value.code == "retired"


def test_who_is_learning_goes_on_and_completes(module, version, publisher):
    offering = offering_of(version)
    enrollment = enroll_self(by=UserFactory(), offering=offering)
    type(offering).objects.filter(pk=offering.pk).update(enroll_until=today() - YESTERDAY)
    retire_module(by=publisher, module=module)
    mark_unit_done(by=enrollment.learner, enrollment=enrollment, unit=version.sections.get().units.get())
    enrollment.refresh_from_db()
    assert enrollment.state == "completed"


def test_what_people_can_still_enroll_in_stands_in_the_way_and_is_named(module, version, publisher):
    opened = offering_of(version, code="nu-open")
    later = offering_of(version, code="gaat-nog-open", enroll_from=today() + YESTERDAY)
    with pytest.raises(Conflict) as raised:
        retire_module(by=publisher, module=module)
    assert raised.value.code == "offerings_ahead"
    assert {error.field for error in raised.value.errors} == {f"offerings/{opened.code}", f"offerings/{later.code}"}
    assert "nu-open" in raised.value.detail
    assert Module.objects.get().retired_at is None


def test_a_session_ahead_stands_in_the_way_unless_it_is_cancelled(module, version, publisher):
    offering = closed(version)
    begin = now() + timedelta(days=2)
    meeting = Session.objects.create(offering=offering, starts_at=begin, ends_at=begin + timedelta(hours=2))
    with pytest.raises(Conflict):
        retire_module(by=publisher, module=module)
    Session.objects.filter(pk=meeting.pk).update(cancelled_at=now())
    retire_module(by=publisher, module=module)


def test_cancelled_and_finished_offerings_do_not_matter(module, version, publisher):
    offering_of(version, cancelled_at=now())
    offering_of(version, starts_on=today() - 9 * YESTERDAY, ends_on=today() - YESTERDAY)
    closed(version)
    retire_module(by=publisher, module=module)


def test_nothing_is_retired_twice_or_brought_back_unretired(module, publisher):
    with pytest.raises(Conflict):
        bring_back_module(by=publisher, module=module)
    retire_module(by=publisher, module=module)
    with pytest.raises(Conflict):
        retire_module(by=publisher, module=module)


def test_what_was_never_published_is_not_retired(provider, publisher):
    draft = ModuleVersionFactory(module__provider=provider)
    text_unit(Section.objects.create(version=draft, position=0, title={"nl": "Begin"}))
    with pytest.raises(Conflict) as raised:
        retire_module(by=publisher, module=draft.module)
    assert raised.value.code == "not_published"


def test_only_publishers_of_the_provider(module, teacher, stranger):
    for person in (teacher, stranger):
        with pytest.raises((Forbidden, NotFound)):
            retire_module(by=person, module=module)


def test_in_the_browser(client, module, version, publisher):
    client.force_login(publisher)
    page = reverse("courses:retire", args=[module.pk])
    overview = reverse("courses:authored_module", args=[module.pk])
    assert page in client.get(overview).content.decode()
    offering_of(version, code="nu-open")
    refused = client.post(page)
    assert refused.status_code == 409
    assert "nu-open" in refused.content.decode()
    version.offerings.update(cancelled_at=now())
    assert client.post(page).url == overview
    html = client.get(overview).content.decode()
    assert "uit het aanbod" in html
    back = reverse("courses:bring_back", args=[module.pk])
    assert back in html
    client.post(back)
    assert Module.objects.get().retired_at is None


def test_by_api(api, module, publisher, teacher):
    assert api(teacher).post(f"/api/v1/modules/{module.pk}/retire/").status_code == 403
    shown = api(publisher).post(f"/api/v1/modules/{module.pk}/retire/")
    assert (shown.status_code, shown.data["retired_at"] is not None) == (200, True)
    assert api(publisher).post(f"/api/v1/modules/{module.pk}/bring-back/").data["retired_at"] is None
