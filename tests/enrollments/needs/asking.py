"""What tests of bundles and answers ask and fill in."""

from enrollments.models import TrainingNeed
from enrollments.needs.bundles import needs_in, parties_of


def keys(region, bundle, *places):
    parties = parties_of(region.publisher, bundle, needs_in(bundle))
    return dict(zip((party.key for party in parties), places, strict=False))


def plan(region, **facts):
    return {"version": region.version, "code": "lassen-samen", "capacity": 9, "language": "nl"} | facts


def states(region):
    return [need.state for need in TrainingNeed.objects.filter(pk__in=[n.pk for n in region.needs]).order_by("pk")]
