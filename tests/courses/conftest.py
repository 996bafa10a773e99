"""A provider with its people, and callers of the API."""

import pytest
from rest_framework.test import APIClient

from lms.permissions.roles import Role
from tests.factories import ProviderFactory, person_with_role


@pytest.fixture
def provider():
    return ProviderFactory()


@pytest.fixture
def teacher(provider):
    return person_with_role(provider, Role.TEACHER)


@pytest.fixture
def publisher(provider):
    return person_with_role(provider, Role.PUBLISHER)


@pytest.fixture
def stranger():
    """A publisher of another provider."""
    return person_with_role(ProviderFactory(), Role.PUBLISHER)


@pytest.fixture
def api():
    """The API as somebody sees it; as nobody without an argument."""

    def as_user(user=None):
        client = APIClient()
        if user is not None:
            client.force_authenticate(user)
        return client

    return as_user
