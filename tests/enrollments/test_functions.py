"""What an employer's functions are: found by likeness, said once for everybody who has one."""

import pytest

from courses.models import Occupation
from enrollments.functions import functions_of, occupations_like, occupations_named
from enrollments.models import JobFunction
from enrollments.services.functions import link_function
from lms.audit.models import AuditEntry
from lms.core.errors import Forbidden, Invalid
from lms.permissions.roles import Role
from tests.factories import EmploymentFactory, OrganizationFactory, UserFactory, person_with_role

pytestmark = pytest.mark.django_db
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


@pytest.fixture
def occupations():
    labels = [("lasser", "welder"), ("verspaner", "machining operator"), ("operator CNC-machine", "CNC operator")]
    labels += [("kok", "cook"), ("", "glassblower")]
    return {
        english: Occupation.objects.create(uri=f"http://data.europa.eu/esco/{n}", label_nl=dutch, label_en=english)
        for n, (dutch, english) in enumerate(labels)
    }


@pytest.fixture
def employer():
    return OrganizationFactory(slug="de-vecht")


@pytest.fixture
def hr(employer):
    return person_with_role(employer, Role.HR_MANAGER)


@pytest.fixture(autouse=True)
def staff(employer):
    for title in ("Lasser", "Lasser", "Operator C.N.C.", ""):
        EmploymentFactory(employer=employer, job_title=title)


@pytest.mark.parametrize(
    ("title", "english"),
    [
        ("Lasser", "welder"),
        ("lassser 2", "welder"),
        ("Operator C.N.C.", "CNC operator"),
        ("Senior verspaner", "machining operator"),
        ("WELDER", "welder"),
        ("glass blower", "glassblower"),
    ],
)
def test_the_likest_comes_first(occupations, title, english):
    assert occupations_like(title)[0] == occupations[english]


def test_what_looks_like_nothing_gets_no_suggestion(occupations):
    assert occupations_like("Xyzq") == []
    assert occupations_named("zzzz") == []


def test_a_retired_occupation_is_not_offered(occupations):
    Occupation.objects.filter(label_en="welder").update(retired_at="2026-01-01T00:00Z")
    assert occupations["welder"] not in occupations_like("Lasser") + occupations_named("welder")


def test_said_once_it_holds_for_everybody(employer, hr, occupations, django_assert_num_queries):
    link_function(by=hr, employer=employer, title="Lasser", occupation=occupations["welder"])
    with django_assert_num_queries(2):
        found = functions_of(employer)
    assert [(f.title, f.people, f.occupation) for f in found] == [
        ("Lasser", 2, occupations["welder"]),
        ("Operator C.N.C.", 1, None),
    ]
    link_function(by=hr, employer=employer, title="Lasser", occupation=None)
    assert JobFunction.objects.get(title="Lasser").occupation is None
    assert AuditEntry.objects.filter(action="enrollments.link_function").count() == 2


def test_only_for_functions_and_by_hr_of_the_employer(employer, hr, occupations):
    with pytest.raises(Invalid):
        link_function(by=hr, employer=employer, title="Directeur", occupation=None)
    with pytest.raises(Forbidden):
        link_function(by=UserFactory(), employer=employer, title="Lasser", occupation=None)


def test_hr_links_on_the_page(client, employer, hr, occupations):
    client.force_login(hr, backend=BACKEND)
    assert "Operator C.N.C." in client.get("/medewerkers/functies/").content.decode()
    path = "/medewerkers/functies/koppelen/"
    assert "operator CNC-machine" in client.get(path, {"title": "Operator C.N.C."}).content.decode()
    assert "kok" in client.get(path, {"title": "Lasser", "q": "cook"}).content.decode()
    chosen = {"title": "Lasser", "occupation": str(occupations["welder"].pk)}
    assert client.post(path, chosen)["Location"] == "/medewerkers/functies/?employer=de-vecht"
    assert JobFunction.objects.get(title="Lasser").occupation == occupations["welder"]
    for wrong in ({"title": "Directeur"}, {"title": "Lasser", "occupation": "x"}):
        assert client.post(path, wrong).status_code == 404


def test_hr_links_by_api(client, employer, hr, occupations):
    client.force_login(hr, backend=BACKEND)
    body = {"employer": "de-vecht", "title": "Lasser", "occupation": str(occupations["welder"].pk)}
    answer = client.post("/api/v1/job-functions/", body, "application/json")
    assert (answer.status_code, answer.json()["occupation"]["label_en"]) == (200, "welder")
    listed = client.get("/api/v1/job-functions/?employer=de-vecht").json()
    assert [(row["title"], row["people"]) for row in listed] == [("Lasser", 2), ("Operator C.N.C.", 1)]
    OrganizationFactory(slug="vreemd")
    assert client.get("/api/v1/job-functions/?employer=vreemd").status_code == 404
