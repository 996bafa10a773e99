"""Planning, changing and cancelling runs."""

import datetime as dt

import pytest

from courses.models import Offering
from courses.services.offerings import cancel_offering, edit_offering, plan_offering
from lms.audit.models import AuditEntry
from lms.core.clock import today
from lms.core.errors import Conflict, Forbidden, Invalid, NotFound
from lms.events.models import DomainEvent
from lms.organizations.models import Location
from lms.permissions.roles import Role
from tests.factories import (
    ModuleVersionFactory,
    OrganizationFactory,
    ProviderFactory,
    offering_of,
    person_with_role,
    published_version,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def provider():
    return ProviderFactory()


@pytest.fixture
def publisher(provider):
    return person_with_role(provider, Role.PUBLISHER)


@pytest.fixture
def version(provider):
    return published_version(provider)


def test_a_publisher_plans_a_run(publisher, version):
    offering = plan_offering(by=publisher, version=version, code="cnc-najaar", capacity=12, price="450.00")
    stored = Offering.objects.get(code="cnc-najaar")
    assert (stored.provider, stored.state, stored.places_left) == (version.module.provider, "open", 12)
    assert DomainEvent.objects.filter(name="offering.planned", subject_id=offering.pk).exists()


def test_a_draft_is_not_offered(publisher, provider):
    with pytest.raises(Conflict):
        plan_offering(by=publisher, version=ModuleVersionFactory(module__provider=provider), code="x")


def test_teachers_and_other_providers_do_not_plan(provider, version):
    for person in (person_with_role(provider, Role.TEACHER), person_with_role(ProviderFactory(), Role.PUBLISHER)):
        with pytest.raises(Forbidden):
            plan_offering(by=person, version=version, code="x")


def test_a_code_is_taken_once(publisher, version):
    plan_offering(by=publisher, version=version, code="een")
    with pytest.raises(Conflict) as raised:
        plan_offering(by=publisher, version=version, code="een")
    assert raised.value.code == "code_taken"


DAY = dt.timedelta(days=1)


@pytest.mark.parametrize(
    ("facts", "field"),
    [
        ({"ends_on": today() - DAY}, "ends_on"),
        ({"enroll_from": today(), "enroll_until": today() - DAY}, "enroll_until"),
        ({"ends_on": today() + DAY, "enroll_until": today() + 2 * DAY}, "enroll_until"),
        ({"capacity": 0}, "capacity"),
        ({"price": "-1"}, "price"),
        ({"vat_percentage": "101"}, "vat_percentage"),
        ({"language": "en"}, "language"),
        ({"visibility": "employers"}, "employers"),
        ({"visibility": "secret"}, "visibility"),
        ({"taken": 3}, "taken"),
        ({"delivery": "post"}, "delivery"),
        ({"starts_on": None}, "starts_on"),
    ],
)
def test_what_cannot_be_is_refused_with_its_field(publisher, version, facts, field):
    with pytest.raises(Invalid) as raised:
        plan_offering(by=publisher, version=version, code="x", **facts)
    assert field in {error.field for error in raised.value.errors}


def test_only_employers_can_be_chosen(publisher, version):
    with pytest.raises(Invalid):
        plan_offering(by=publisher, version=version, code="x", visibility="employers", employers=[ProviderFactory()])
    employer = OrganizationFactory()
    offering = plan_offering(by=publisher, version=version, code="x", visibility="employers", employers=[employer])
    assert list(offering.employers.all()) == [employer]


def test_fewer_places_than_are_taken_is_refused_and_more_is_told(publisher, version):
    offering = offering_of(version, capacity=5, taken=4)
    with pytest.raises(Invalid):
        edit_offering(by=publisher, offering=offering, capacity=3)
    edit_offering(by=publisher, offering=offering, capacity=6)
    edit_offering(by=publisher, offering=offering, price="10")
    edit_offering(by=publisher, offering=offering, capacity=None)
    facts = DomainEvent.objects.filter(name="offering.changed").order_by("id")
    assert [fact.payload["capacity_raised"] for fact in facts] == [True, False, True]


def test_a_change_is_audited_with_old_and_new(publisher, version):
    hub = Location.objects.create(organization=version.module.provider, name="Hub", city="Hardenberg")
    edit_offering(by=publisher, offering=offering_of(version), location=hub, price="12.50")
    changes = AuditEntry.objects.get(action="courses.edit_offering").changes
    assert changes["location"] == [None, str(hub.pk)]
    assert changes["price"] == ["0.00", "12.50"]


def test_a_cancelled_run_is_over(publisher, version):
    offering = cancel_offering(by=publisher, offering=offering_of(version))
    assert offering.state == "cancelled"
    assert DomainEvent.objects.filter(name="offering.cancelled").count() == 1
    for change in (
        lambda: cancel_offering(by=publisher, offering=offering),
        lambda: edit_offering(by=publisher, offering=offering, price="1"),
    ):
        with pytest.raises(Conflict):
            change()


def test_a_reserved_run_of_another_provider_is_unknown(publisher):
    with pytest.raises(NotFound):
        cancel_offering(by=publisher, offering=offering_of(visibility="employers"))
