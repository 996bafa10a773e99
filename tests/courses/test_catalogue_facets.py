"""What each choice would give, and what one gets: on the page and by the API the same."""

from datetime import timedelta

import pytest
from django.http import QueryDict

from courses.catalogue import count_facets, list_versions, narrow, read_query
from courses.models import Sector, Skill
from courses.services.indexing import index_module
from lms.accounts.models import User
from lms.core.clock import today
from lms.organizations.models import Location
from lms.permissions.roles import Role
from tests.factories import OrganizationFactory, ProviderFactory, offering_of, person_with_role, published_version

pytestmark = pytest.mark.django_db


def asked(address, user=None):
    from django.contrib.auth.models import AnonymousUser

    return narrow(read_query(QueryDict(address)), user or AnonymousUser())


def counts(address, facet, user=None):
    _total, facets = count_facets(asked(address, user))
    return {choice.value: choice.count for choice in facets[facet].choices}


def found(address, user=None):
    return {version.module.code for version in list_versions(asked(address, user), size=200)}


@pytest.fixture
def shelf(provider):
    """Three mbo and one hbo module, with runs that differ in one thing at a time."""
    hub = Location.objects.create(organization=provider, name="Hub", city="Hardenberg", postal_code="7772 BA")
    far = Location.objects.create(organization=provider, name="Ver", city="Zwolle")
    day = today()
    made = {
        "dear-near": published_version(provider, module__code="dear-near", level=2),
        "cheap-far": published_version(provider, module__code="cheap-far", level=3, languages=["nl", "en"]),
        "online": published_version(provider, module__code="online", level=3, purpose="retraining"),
        "hbo": published_version(module__code="hbo", track="hbo", level=6, document_type="microcredential"),
    }
    soon, later = day + timedelta(days=20), day + timedelta(days=60)
    offering_of(made["dear-near"], delivery="hub", location=hub, price=900, starts_on=later)
    offering_of(made["dear-near"], delivery="hub", location=far, price=50, starts_on=later, capacity=3)
    offering_of(made["cheap-far"], delivery="hub", location=far, price=80, starts_on=soon)
    offering_of(made["online"], delivery="online", price=0, starts_on=day)
    return made


def test_a_facet_is_counted_without_its_own_choice_and_with_all_others(shelf):
    assert counts("", "track") == {"mbo": 3, "hbo": 1}
    assert counts("track=hbo", "track") == {"mbo": 3, "hbo": 1}
    assert counts("track=hbo", "level") == {"6": 1}
    assert counts("level=3&track=mbo", "level") == {"2": 1, "3": 2}
    assert counts("", "language") == {"nl": 4, "en": 1}
    assert counts("", "document") == {"certificate": 3, "microcredential": 1}
    assert counts("purpose=retraining", "track") == {"mbo": 1}


def test_choices_of_one_facet_are_alternatives_and_facets_add_up(shelf):
    assert found("level=2&level=6") == {"dear-near", "hbo"}
    assert found("level=2&level=6&track=mbo") == {"dear-near"}


def test_nothing_is_hidden_that_was_chosen(shelf):
    assert counts("delivery=workplace", "delivery") == {"online": 1, "hub": 2, "workplace": 0}
    assert counts("provider=" + shelf["hbo"].module.provider.slug + "&track=mbo", "provider") == {
        shelf["online"].module.provider.slug: 3,
        shelf["hbo"].module.provider.slug: 0,
    }


def test_one_run_must_meet_everything_that_is_asked_of_runs(shelf):
    assert found("near=Hardenberg&km=10") == {"dear-near"}
    assert found("price_max=100&delivery=hub") == {"dear-near", "cheap-far"}
    assert found("near=Hardenberg&km=10&price_max=100") == set()
    assert counts("near=Hardenberg&km=10", "price") == {"1000": 1}
    assert counts("price_max=100", "delivery") == {"online": 1, "hub": 2}
    assert counts("near=7772&price_max=100", "near") == {"25": 0, "50": 2}


def test_each_module_counts_once_however_many_runs_it_has(shelf):
    offering_of(shelf["online"], delivery="online")
    offering_of(shelf["online"], delivery="online")
    assert counts("", "delivery") == {"online": 1, "hub": 2}


def test_start_price_and_places(shelf):
    assert found("start=running") == {"online"}
    assert found("start=quarter") == {"online", "cheap-far", "dear-near"}
    assert found(f"from={today() + timedelta(days=30)}") == {"dear-near"}
    assert counts("", "price") == {"0": 1, "100": 3, "250": 3, "500": 3, "1000": 3}
    assert found("price_max=0") == {"online"}
    assert found("price_min=100") == {"dear-near"}
    assert found("places=5&near=Zwolle&km=5") == {"cheap-far"}
    assert counts("near=Zwolle&km=5", "places") == {"1": 2, "5": 1, "10": 1}


def test_the_count_is_what_one_gets(shelf):
    for facet in ("track", "level", "purpose", "language", "document", "delivery", "start"):
        for value, count in counts("", facet).items():
            assert len(found(f"{facet}={value}")) == count, (facet, value)
    for km in ("5", "50"):
        assert len(found(f"near=Zwolle&km={km}")) == counts("near=Zwolle", "near")[km]


def test_reserved_runs_count_for_their_employer_only(shelf):
    employer = OrganizationFactory()
    reserved = offering_of(shelf["hbo"], delivery="workplace", visibility="employers")
    reserved.employers.add(employer)
    manager = person_with_role(employer, Role.HR_MANAGER)
    assert "workplace" not in counts("", "delivery")
    assert counts("", "delivery", User.objects.get(pk=manager.pk))["workplace"] == 1
    assert found("delivery=workplace") == set()


def test_sectors_skills_and_providers():
    metal = Sector.objects.get_or_create(code="25", defaults={"label_nl": "Metaal", "label_en": "Metal"})[0]
    turn = Skill.objects.create(uri="http://x.test/turn", label_nl="metaal draaien", label_en="turn metal")
    weld = Skill.objects.create(uri="http://x.test/weld", label_nl="lassen", label_en="weld")
    published_version(module__code="both", sectors=[metal], skills=[turn, weld])
    published_version(module__code="one", skills=[turn], track="hbo")
    assert counts("", "sector") == {"25": 1}
    assert found("sector=25") == {"both"}
    assert counts("", "skill") == {str(turn.pk): 2, str(weld.pk): 1}
    assert counts("skill_q=draaien", "skill") == {str(turn.pk): 2}
    assert found(f"skill={weld.pk}") == found(f"skill={weld.uri}") == {"both"}
    assert counts(f"skill={weld.pk}", "track") == {"mbo": 1}


def test_words_narrow_the_counts(shelf):
    published_version(title={"nl": "Lassen"}, summary={"nl": "x"}, description={}, outcomes=[], track="wo")
    assert counts("q=lassen", "track") == {"wo": 1}
    assert count_facets(asked("q=lassen"))[0] == 1
    assert count_facets(asked("q=qqqqqqq"))[0] == 0


@pytest.mark.parametrize(
    ("address", "most"),
    [("", 5), ("q=draaibank&track=mbo&level=2&near=Emmen&km=50&price_max=500&delivery=hub", 6)],
)
def test_facets_take_few_queries(shelf, django_assert_max_num_queries, address, most):
    narrowing = asked(address)
    with django_assert_max_num_queries(most):
        count_facets(narrowing)


def test_a_provider_that_was_renamed_is_shown_by_its_name():
    provider = ProviderFactory(name="Oude naam")
    version = published_version(provider)
    provider.name = "Nieuwe naam"
    provider.save()
    index_module(version.module)
    _total, facets = count_facets(asked(""))
    assert [choice.label for choice in facets["provider"].choices] == ["Nieuwe naam"]
