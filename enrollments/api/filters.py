"""What a list of enrollments can be cut to."""

import django_filters
from django.db.models import Q, QuerySet

from enrollments.models import Enrollment, EnrollmentState
from lms.organizations.models import Employment


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
        numbered = Employment.objects.visible_to(self.request.user).filter(personnel_number=words)
        for word in words.split():
            queryset = queryset.filter(
                Q(learner__email__icontains=word)
                | Q(learner__given_name__icontains=word)
                | Q(learner__family_name__icontains=word)
                | Q(learner__in=numbered.values("user"))
            )
        return queryset
