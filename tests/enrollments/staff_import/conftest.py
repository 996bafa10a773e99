"""Reasons are told in Dutch, whatever language an earlier test left behind."""

import pytest
from django.utils import translation


@pytest.fixture(autouse=True)
def in_dutch():
    with translation.override("nl"):
        yield
