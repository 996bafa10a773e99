"""Who has not completed what a module asks beforehand stays out, person by person, unless somebody gives a reason."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from rest_framework.test import APIClient

from courses.models import Prerequisite, Unit
from enrollments.models import Enrollment, PrerequisiteOverride
from enrollments.services.enrolling import enroll_self, enroll_staff
from enrollments.services.learning import mark_unit_done
from enrollments.services.overriding import give_override, let_in
from enrollments.staff_import.services import import_staff
from lms.accounts.models import User
from lms.audit.models import AuditEntry
from lms.core.errors import Conflict, Forbidden, Invalid
from lms.permissions.roles import Role
from tests.factories import (
    EmploymentFactory,
    OrganizationFactory,
    ProviderFactory,
    UserFactory,
    offering_of,
    person_with_role,
    published_version,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def base():
    return published_version(units=("text",), title={"nl": "Meten is weten"})


@pytest.fixture
def offering(base):
    version = published_version(base.module.provider, units=("text",), title={"nl": "Frezen"})
    Prerequisite.objects.create(module=version.module, requires=base.module)
    return offering_of(version)


@pytest.fixture
def employer():
    return OrganizationFactory()


@pytest.fixture
def hr(employer):
    return person_with_role(employer, Role.HR_MANAGER)


def employee(employer, **fields):
    return EmploymentFactory(employer=employer, **fields).user


def complete(learner, version):
    enrollment = enroll_self(by=learner, offering=offering_of(version))
    for unit in Unit.objects.filter(section__version=version).select_related("section"):
        mark_unit_done(by=learner, enrollment=enrollment, unit=unit)


def test_on_ones_own_one_is_told_what_comes_first(client, base, offering):
    learner = UserFactory(language="en")
    with pytest.raises(Conflict) as refused:
        enroll_self(by=learner, offering=offering)
    assert refused.value.code == "prerequisites"
    assert "Meten is weten" in refused.value.detail
    client.force_login(learner)
    page = client.get(reverse("enrollments:enroll_self", args=[offering.code])).content.decode()
    assert "Meten is weten" in page
    assert "Yes, enroll me" not in page
    complete(learner, base)
    assert enroll_self(by=learner, offering=offering).state == "active"


def test_any_version_counts(base, offering):
    learner = UserFactory()
    complete(learner, base)
    published_version(module=base.module, number=2, units=("text",))
    assert enroll_self(by=learner, offering=offering).state == "active"


def test_of_many_those_who_lack_it_are_named_and_the_others_go_in(base, offering, employer, hr):
    ready, not_ready = employee(employer), employee(employer)
    complete(ready, base)
    outcome = enroll_staff(by=hr, employer=employer, offering=offering, learners=[ready, not_ready])
    assert [enrollment.learner for enrollment in outcome.active] == [ready]
    (lack,) = outcome.lacking
    assert (lack.learner, lack.missing) == (not_ready, ("Meten is weten",))
    with pytest.raises(Conflict) as refused:
        enroll_staff(by=hr, employer=employer, offering=offering, learners=[not_ready])
    assert [error.code for error in refused.value.errors] == ["prerequisites"]


def test_the_spreadsheet_says_so_by_row(base, offering, employer, hr):
    ready = employee(employer)
    not_ready = employee(employer)
    complete(ready, base)
    sheet = f"E-mail\n{ready.email}\n{not_ready.email}\nnieuw@voorbeeld.test\n".encode()
    for dry_run in (True, False):
        report = import_staff(by=hr, employer=employer, offering=offering, content=sheet, dry_run=dry_run)
        assert (report.created, report.rejected) == (1, 2)
        assert [problem.row for problem in report.problems] == [3, 4]
        assert all("Meten is weten" in problem.reason for problem in report.problems)
    assert not User.objects.filter(email="nieuw@voorbeeld.test").exists()


def test_the_number_of_queries_does_not_grow_with_the_people(base, offering, employer, hr):
    def queries(count):
        learners = [employee(employer) for _n in range(count)]
        complete(learners[0], base)
        with CaptureQueriesContext(connection) as seen:
            assert len(enroll_staff(by=hr, employer=employer, offering=offering, learners=learners).lacking) > 0
        return len(seen)

    queries(2)  # what is read once per process
    assert queries(3) == queries(12)


def test_an_override_needs_a_reason_and_somebody_who_may(base, offering, employer, hr):
    module, learner = offering.version.module, employee(employer)
    author = person_with_role(module.provider, Role.TEACHER)
    strangers = (UserFactory(), learner, person_with_role(ProviderFactory(), Role.PUBLISHER))
    for stranger in strangers:
        with pytest.raises(Forbidden):
            give_override(by=stranger, learner=learner, module=module, reason="Zomaar")
    with pytest.raises(Invalid):
        give_override(by=author, learner=learner, module=module, reason=" \n ")
    first = give_override(by=hr, learner=learner, module=module, reason="Tien jaar\nervaring")
    assert first.reason == "Tien jaar ervaring"
    assert give_override(by=author, learner=learner, module=module, reason="Ook goed") == first
    assert AuditEntry.objects.filter(action="enrollments.give_override").count() == 1
    assert enroll_self(by=learner, offering=offering).state == "active"


def test_hr_sees_who_lacks_what_and_gives_a_reason(client, base, offering, employer, hr):
    people = [EmploymentFactory(employer=employer) for _n in range(3)]
    User.objects.update(language="en")
    complete(people[0].user, base)
    client.force_login(User.objects.get(pk=hr.pk))
    page = reverse("enrollments:enroll_staff")
    asked = {"person": [p.pk for p in people], "offering": offering.code}
    plan = client.get(page, asked).content.decode()
    assert plan.count('name="without"') == 2
    assert "Meten is weten" in plan
    silent = client.post(page, asked | {"without": [people[1].user.pk]}, follow=True).content.decode()
    assert "why this person can do without" in silent
    assert not Enrollment.objects.filter(offering=offering).exists()
    choice = asked | {"without": [people[1].user.pk, base.pk], "reason": "Doet dit werk al jaren"}
    done = client.post(page, choice, follow=True).content.decode()
    assert "2 people are enrolled." in done
    assert "has not completed what this module asks beforehand" in done
    override = PrerequisiteOverride.objects.get()
    assert (override.learner, override.given_by) == (people[1].user, hr)
    teacher = person_with_role(offering.provider, Role.TEACHER)
    client.force_login(teacher)
    enrollment = Enrollment.objects.get(offering=offering, learner=people[1].user)
    assert (
        "Doet dit werk al jaren"
        in client.get(reverse("enrollments:participant", args=[enrollment.pk])).content.decode()
    )


def test_the_provider_lets_somebody_in_and_does_not_learn_who_has_an_account(client, offering):
    module, learner = offering.version.module, UserFactory()
    teacher = person_with_role(module.provider, Role.TEACHER)
    User.objects.update(language="en")
    client.force_login(User.objects.get(pk=teacher.pk))
    page = reverse("enrollments:overrides", args=[module.pk])
    told = []
    for email in (learner.email, "niemand@voorbeeld.test"):
        answer = client.post(page, {"email": email, "reason": "Intake gedaan"}, follow=True).content.decode()
        told.append(answer.replace(email, "X"))
    assert [text.count("Whoever has an account with X") for text in told] == [1, 1]
    assert "Intake gedaan" not in told[0]
    enroll_self(by=learner, offering=offering)
    assert "Intake gedaan" in client.get(page).content.decode()
    with pytest.raises(Forbidden):
        let_in(by=UserFactory(), email="niemand@voorbeeld.test", module=module, reason="x")


def test_by_api(base, offering, employer, hr):
    ready, not_ready = employee(employer), employee(employer)
    complete(ready, base)
    api = APIClient()
    api.force_authenticate(hr)
    body = {"offering": offering.code, "employer": employer.slug, "learners": [ready.email, not_ready.email]}
    answer = api.post("/api/v1/enrollments/", body, format="json").json()
    assert len(answer["active"]) == 1
    assert answer["lacking"] == [{"learner": str(not_ready.pk), "name": str(not_ready), "missing": ["Meten is weten"]}]
    alone = api.post("/api/v1/enrollments/", body | {"learners": [not_ready.email]}, format="json")
    assert (alone.status_code, alone.json()["code"]) == (409, "prerequisites")
    give = {"module": str(offering.version.module_id), "email": not_ready.email, "reason": "Intake"}
    assert api.post("/api/v1/prerequisite-overrides/", give, format="json").status_code == 202
    assert [row["reason"] for row in api.get("/api/v1/prerequisite-overrides/").json()["results"]] == ["Intake"]
    assert len(api.post("/api/v1/enrollments/", body, format="json").json()["active"]) == 1
    stranger = APIClient()
    stranger.force_authenticate(UserFactory())
    assert stranger.get("/api/v1/prerequisite-overrides/").json()["results"] == []
    assert stranger.post("/api/v1/prerequisite-overrides/", give, format="json").status_code == 403
