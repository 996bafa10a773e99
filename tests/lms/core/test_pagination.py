"""Keyset pages: nothing is skipped or shown twice while others write, and a late page costs what the first costs."""

import pytest
from django.urls import path
from rest_framework import generics, serializers
from rest_framework.permissions import AllowAny

from lms.organizations.models import Organization
from tests.factories import OrganizationFactory

pytestmark = [pytest.mark.django_db, pytest.mark.urls(__name__)]


class Names(serializers.ModelSerializer):
    class Meta:
        model = Organization
        fields = ["slug"]


class Organizations(generics.ListAPIView):
    queryset = Organization.objects.all()
    serializer_class = Names
    permission_classes = [AllowAny]


urlpatterns = [path("organizations", Organizations.as_view())]


def walk(client, between=lambda: None, size=4):
    """Everything on all pages in order, with something done between each two."""
    url, found = f"/organizations?page_size={size}", []
    while url:
        body = client.get(url).json()
        found += [row["slug"] for row in body["results"]]
        url = body["next"]
        between()
    return found


def test_newest_first_each_once(client):
    made = [organization.slug for organization in OrganizationFactory.create_batch(10)]
    assert walk(client) == made[::-1]


def test_rows_made_meanwhile_do_not_shift_the_pages(client):
    made = [organization.slug for organization in OrganizationFactory.create_batch(10)]
    assert walk(client, between=OrganizationFactory.create) == made[::-1]


def test_rows_deleted_meanwhile_skip_nobody_else(client):
    made = [organization.slug for organization in OrganizationFactory.create_batch(12)]
    newest = iter(made[::-1])
    found = walk(client, between=lambda: Organization.objects.filter(slug=next(newest)).delete())
    assert found == made[::-1]


def test_a_page_costs_one_query_without_a_count(client, django_assert_num_queries):
    OrganizationFactory.create_batch(12)
    with django_assert_num_queries(1):
        first = client.get("/organizations?page_size=5").json()
    with django_assert_num_queries(1):
        client.get(first["next"])


def test_a_page_has_an_upper_limit(client):
    OrganizationFactory.create_batch(3)
    assert len(client.get("/organizations?page_size=100000").json()["results"]) == 3
    assert Organizations.pagination_class.max_page_size == 250


def test_a_cursor_that_was_tampered_with_is_a_problem(client):
    response = client.get("/organizations?cursor=nonsense")
    assert (response.status_code, response["Content-Type"]) == (404, "application/problem+json")
