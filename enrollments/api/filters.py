"""What a list of enrollments can be cut to."""

from typing import cast

import django_filters
from django.db.models import QuerySet

from enrollments.models import Enrollment, EnrollmentState
from enrollments.querysets import EnrollmentQuerySet


class EnrollmentFilter(django_filters.FilterSet):
    """`?state=active&state=waitlisted&offering=code&employer=slug&learner=words`."""

    state = django_filters.MultipleChoiceFilter(choices=EnrollmentState.choices)
    offering = django_filters.CharFilter(field_name="offering__code")
    employer = django_filters.CharFilter(field_name="employer__slug")
    learner = django_filters.CharFilter(
        method="filter_learner", label="(part of) name or e-mail address, or personnel number"
    )

    class Meta:
        model = Enrollment
        fields = ["state", "offering", "employer", "learner"]

    def filter_learner(self, queryset: QuerySet[Enrollment], _name: str, words: str) -> QuerySet[Enrollment]:
        return cast(EnrollmentQuerySet, queryset).with_learner_named(self.request.user, words)
