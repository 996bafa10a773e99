"""A list is read right by right, each from its index: page by page it shows what `visible_to` shows, to everybody."""

import datetime as dt
import random

import pytest
from django.contrib.auth.models import AnonymousUser
from rest_framework.request import Request
from rest_framework.test import APIRequestFactory

from courses.services.members import add_module_member
from enrollments.models import ONGOING_STATES, ApprovalStep, Enrollment, EnrollmentState
from lms.accounts.models import User
from lms.core.clock import now, today
from lms.core.pagination import RowPagination
from lms.organizations.models import Employment
from lms.organizations.services import add_member
from lms.permissions.roles import ModuleRole, Role
from tests.factories import OrganizationFactory, UserFactory, offering_of, person_with_role, published_version

pytestmark = pytest.mark.django_db
ROWS, SIZE = 120, 7


def random_world(chance):
    """Rows in every state of two employers, two providers and four modules; and everybody who may see some of them."""
    employers, providers = OrganizationFactory.create_batch(2), OrganizationFactory.create_batch(2)
    versions = [published_version(provider) for provider in providers for _number in range(2)]
    learners = UserFactory.create_batch(8)
    for learner in learners:
        for employer in chance.sample(employers, chance.randrange(3)):
            left = chance.choice([None, today() - dt.timedelta(days=chance.randrange(100))])
            starts = today() - dt.timedelta(days=200)
            Employment.objects.create(employer=employer, user=learner, starts_on=starts, ends_on=left)
    offerings = [offering_of(version) for version in versions for _number in range(3)]
    Enrollment.objects.bulk_create(random_rows(chance, learners, offerings, employers))
    for enrollment in Enrollment.objects.filter(state="withdrawn")[::2]:
        decided = {"decision": "withdrawn", "decided_at": now()}
        ApprovalStep.objects.create(enrollment=enrollment, number=1, approver="hr", **decided)
    return onlookers(chance, employers, providers, versions, learners)


def random_rows(chance, learners, offerings, employers):
    """Somebody is in an offering once at a time."""
    ongoing = set()
    for _number in range(ROWS):
        learner, offering = chance.choice(learners), chance.choice(offerings)
        state = chance.choice(EnrollmentState.values)
        if state in ONGOING_STATES:
            if (learner, offering) in ongoing:
                continue
            ongoing.add((learner, offering))
        yield Enrollment(
            learner=learner,
            offering=offering,
            version=offering.version,
            provider=offering.provider,
            employer=(employer := chance.choice([None, *employers])),
            arranged_by=chance.choice(["employer", "learner"]) if employer else "learner",
            created_at=now() - dt.timedelta(days=chance.randrange(200)),
            state=state,
            answer_by=now() if state == "offered" else None,
        )


def onlookers(chance, employers, providers, versions, learners):
    """Each role, several roles at once, a named teacher of one module, and who may see nothing or everything."""
    people = [person_with_role(organization, role) for organization in (employers[0], providers[0]) for role in Role]
    everywhere = person_with_role(employers[0], Role.HR_MANAGER)
    for organization, role in ((employers[1], Role.HR_MANAGER), *((one, Role.TEACHER) for one in providers)):
        add_member(by=None, organization=organization, user=everywhere, role=role)
    add_member(by=None, organization=employers[0], user=learners[0], role=Role.HR_MANAGER)
    author, named = person_with_role(providers[1], Role.TEACHER), UserFactory()
    for somebody in (named, learners[1]):
        module = chance.choice(versions[2:]).module
        add_module_member(by=author, module=module, email=somebody.email, role=ModuleRole.MODULE_TEACHER)
    people += [everywhere, named, *learners, UserFactory(), UserFactory(is_superuser=True)]
    return [*User.objects.filter(pk__in=[person.pk for person in people]), AnonymousUser()]


def walk(user, wanted):
    """The ids of all pages as they come, and those on the way back."""
    there, last = follow(user, wanted, "/", "next")
    back, _first = follow(user, wanted, last, "previous")
    return there, back


def follow(user, wanted, link, rel):
    """From page to page; also gives the address of the page where it ended."""
    ids = []
    while link:
        pages, here = RowPagination(), link
        request = Request(APIRequestFactory().get(here, {} if "page_size" in here else {"page_size": SIZE}))
        page = pages.paginate_rows(wanted.visible_by_key(user), request, lambda found: found.values("id"))
        newest_first = [row["id"] for row in page]
        ids = ids + newest_first if rel == "next" else newest_first + ids
        link = pages.get_next_link() if rel == "next" else pages.get_previous_link()
    return ids, here


@pytest.mark.parametrize("seed", range(2))
def test_everybody_sees_by_key_what_is_visible_to_them(seed):
    chance = random.Random(seed)
    seen = 0
    for user in random_world(chance):
        for wanted in (Enrollment.objects.all(), Enrollment.objects.filter(state__in=["active", "completed"])):
            visible = list(wanted.visible_to(user).order_by("-id").values_list("id", flat=True))
            assert walk(user, wanted) == (visible, visible), user
            seen += len(visible)
    assert seen > ROWS
