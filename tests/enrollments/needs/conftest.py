"""A region in which several employers need the same."""

import pytest

from enrollments.services.answering import answer_bundle
from tests.enrollments.need_worlds import build_region

from .asking import keys, plan


@pytest.fixture
def region():
    return build_region()


@pytest.fixture
def asked(region):
    return region.bundle()


@pytest.fixture
def answered(region, asked):
    return answer_bundle(by=region.publisher, bundle=asked, places=keys(region, asked, 4, 3, 2), plan=plan(region))
