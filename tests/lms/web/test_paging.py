"""Next and previous walk a list without gaps, doubles or counting."""

import pytest
from django.test import RequestFactory

from lms.accounts.models import User
from lms.web.paging import keyset_page
from tests.factories import EmploymentFactory, UserFactory

pytestmark = pytest.mark.django_db


def page(query, order, size=3, queryset=None):
    queryset = User.objects.all() if queryset is None else queryset
    return keyset_page(RequestFactory().get("/", query), queryset, order=order, size=size)


@pytest.mark.parametrize("order", [("id",), ("-id",), ("family_name", "id"), ("-family_name", "-id")])
def test_walks_all_the_way_and_back(order):
    for name in "dbbcaabc":
        UserFactory(family_name=name)
    expected = list(User.objects.order_by(*order))
    seen, query, trail = [], {}, []
    while True:
        found = page(query, order)
        trail.append([user.pk for user in found])
        seen += found.items
        if not found.after:
            break
        query = {"after": found.after}
    assert seen == expected
    assert len(trail) == 3
    back = []
    while found.before:
        found = page({"before": found.before}, order)
        back.append([user.pk for user in found])
    assert back == trail[-2::-1]


def test_follows_relations():
    for name in "cab":
        EmploymentFactory(user__family_name=name)
    from lms.organizations.models import Employment

    order, people = ("user__family_name", "id"), Employment.objects.select_related("user")
    first = page({}, order, 2, people)
    second = page({"after": first.after}, order, 2, people)
    assert [row.user.family_name for row in [*first, *second]] == ["a", "b", "c"]


@pytest.mark.parametrize("cursor", ["x", "é", "W10", "eyJhIjoxfQ", "WyJhIiwibm90LWEtdXVpZCJd", "bnVsbA"])
def test_a_broken_cursor_shows_the_first_page(cursor):
    user = UserFactory()
    assert page({"after": cursor}, ("family_name", "id")).items == [user]
    assert page({"before": cursor}, ("family_name", "id")).items == [user]


def test_one_bounded_query(django_assert_max_num_queries):
    UserFactory.create_batch(5)
    with django_assert_max_num_queries(1):
        assert len(page({}, ("id",))) == 3
