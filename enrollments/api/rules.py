"""What people must have by API: rules, what each would ask, and the duties that come of them."""

from typing import Any, cast
from uuid import UUID

import django_filters
from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework import mixins, serializers, status, viewsets
from rest_framework.decorators import action
from rest_framework.pagination import CursorPagination
from rest_framework.request import Request
from rest_framework.response import Response

from courses.api.serializers import TextsField
from courses.models import Module
from enrollments.duties.coverage import names_under
from enrollments.duties.rows import read_duties, read_rules
from enrollments.models import Obstacle, TrainingDuty, TrainingRule
from enrollments.querysets import DUTY_STATES, TrainingDutyQuerySet
from enrollments.services.duties import show_completion
from enrollments.services.training_rules import end_rule, make_rule, preview_rule
from lms.accounts.models import User
from lms.core.clock import today
from lms.organizations.models import Department, Organization

from .serializers import OrganizationNameSerializer
from .viewsets import UUID_PATTERN

MOST_DAYS = 1000


class TrainingRuleSerializer(serializers.Serializer):
    """A rule with its figures: of `covered` people so many `met` it, have it `open` in time, or are `overdue`."""

    id = serializers.UUIDField(source="rule.pk")
    employer = OrganizationNameSerializer(source="rule.employer")
    module = serializers.UUIDField(source="rule.module_id")
    title = TextsField()
    department = serializers.UUIDField(source="rule.department_id", allow_null=True)
    job_title = serializers.CharField(source="rule.job_title", allow_blank=True)
    due_days = serializers.IntegerField(source="rule.due_days")
    valid_months = serializers.IntegerField(source="rule.valid_months", allow_null=True)
    renew_days = serializers.IntegerField(source="rule.renew_days")
    legal = serializers.BooleanField(source="rule.legal")
    starts_on = serializers.DateField(source="rule.starts_on")
    ended_at = serializers.DateTimeField(source="rule.ended_at", allow_null=True)
    state = serializers.ChoiceField(source="rule.state", choices=["ahead", "running", "ended"])
    covered = serializers.IntegerField()
    met = serializers.IntegerField()
    open = serializers.IntegerField()
    overdue = serializers.IntegerField()


class RuleMaker(serializers.SlugRelatedField):
    """An employer for which the user makes rules."""

    def get_queryset(self) -> Any:
        return Organization.objects.allowing(self.context["request"].user, "manage_rules")


class OfferedModule(serializers.PrimaryKeyRelatedField):
    """A module that the user may see."""

    def get_queryset(self) -> Any:
        return Module.objects.visible_to(self.context["request"].user)


class OwnDepartment(serializers.PrimaryKeyRelatedField):
    """A department of an employer whose staff the user may see."""

    def get_queryset(self) -> Any:
        return Department.objects.visible_to(self.context["request"].user)


class NewRuleSerializer(serializers.Serializer):
    """Who must have what, by when, and how long it counts. Without department and function it is about all staff."""

    employer: Any = RuleMaker(slug_field="slug", queryset=Organization.objects.none())
    module: Any = OfferedModule(queryset=Module.objects.none())
    department: Any = OwnDepartment(queryset=Department.objects.none(), required=False, allow_null=True, default=None)
    job_title = serializers.CharField(max_length=120, required=False, allow_blank=True, default="")
    due_days = serializers.IntegerField(min_value=0, max_value=MOST_DAYS, default=30)
    valid_months = serializers.IntegerField(
        min_value=1, max_value=600, required=False, allow_null=True, default=None, help_text="null: for good"
    )
    renew_days = serializers.IntegerField(min_value=0, max_value=MOST_DAYS, default=60)
    legal = serializers.BooleanField(default=True)
    starts_on = serializers.DateField(required=False, default=today)

    def rule(self) -> TrainingRule:
        """As it was asked for, not stored."""
        self.is_valid(raise_exception=True)
        return TrainingRule(**self.validated_data)


class PersonDueSerializer(serializers.Serializer):
    """Somebody who would have to do it, and by when."""

    learner = serializers.UUIDField()
    name = serializers.CharField()
    due_on = serializers.DateField()


class PersonHasSerializer(serializers.Serializer):
    """Somebody who has it already, and until when; null: for good."""

    learner = serializers.UUIDField()
    name = serializers.CharField()
    valid_until = serializers.DateField(allow_null=True)


class RulePreviewSerializer(serializers.Serializer):
    """What a rule would ask."""

    covered = serializers.IntegerField()
    has_it = PersonHasSerializer(many=True)
    due = PersonDueSerializer(many=True)


class DutyPersonSerializer(serializers.Serializer):
    """Who has to do it."""

    id = serializers.UUIDField(source="duty.learner_id")
    name = serializers.CharField()
    department = serializers.CharField(source="employment.department", allow_null=True, default=None)
    job_title = serializers.CharField(source="employment.job_title", allow_null=True, default=None)
    manager = serializers.CharField(source="employment.manager", allow_null=True, default=None)


class TrainingDutySerializer(serializers.Serializer):
    """What a rule asks of one person in one cycle. `shown`: met by what the worker did without this employer."""

    id = serializers.UUIDField(source="duty.pk")
    rule = serializers.UUIDField(source="duty.rule_id")
    employer = OrganizationNameSerializer(source="duty.employer")
    module = serializers.UUIDField(source="duty.rule.module_id")
    title = TextsField()
    learner = DutyPersonSerializer(source="*")
    cycle = serializers.IntegerField(source="duty.cycle")
    state = serializers.ChoiceField(source="duty.state", choices=["open", "overdue", "met", "lifted"])
    due_on = serializers.DateField(source="duty.due_on")
    days_late = serializers.IntegerField()
    met_at = serializers.DateTimeField(source="duty.met_at", allow_null=True)
    valid_until = serializers.DateField(source="duty.valid_until", allow_null=True)
    legal = serializers.BooleanField(source="duty.rule.legal")
    enrollment = serializers.UUIDField(source="enrollment.pk", allow_null=True, default=None)
    obstacle = serializers.ChoiceField(source="duty.obstacle", choices=Obstacle.choices, allow_blank=True)
    shown = serializers.BooleanField(source="is_shown")


class TrainingRuleViewSet(viewsets.GenericViewSet):
    """What the people of one's employer must have."""

    queryset = TrainingRule.objects.none()
    serializer_class = TrainingRuleSerializer
    lookup_value_regex = UUID_PATTERN

    def get_queryset(self) -> Any:
        return TrainingRule.objects.visible_to(self.request.user).select_related("employer", "department")

    def list(self, request: Request) -> Response:
        """Newest first, ended ones too."""
        page = self.paginate_queryset(self.get_queryset()) or []
        return self.get_paginated_response(TrainingRuleSerializer(read_rules(page), many=True).data)

    def retrieve(self, request: Request, pk: str | None = None) -> Response:
        """One rule."""
        return self._answer(self.get_object())

    @extend_schema(request=NewRuleSerializer, responses={201: TrainingRuleSerializer})
    def create(self, request: Request) -> Response:
        """Make it; who can be enrolled is enrolled within a minute."""
        return self._answer(make_rule(by=self._user(), rule=self._asked()), status.HTTP_201_CREATED)

    @extend_schema(request=NewRuleSerializer, responses=RulePreviewSerializer)
    @action(detail=False, methods=["post"])
    def preview(self, request: Request) -> Response:
        """Whom it would concern; nothing is written."""
        rule = self._asked()
        seen = preview_rule(by=self._user(), rule=rule)
        names = names_under(rule, [*seen.due, *seen.has_it])
        due = [{"learner": pk, "name": names.get(pk, ""), "due_on": day} for pk, day in seen.due.items()]
        has_it = [{"learner": pk, "name": names.get(pk, ""), "valid_until": day} for pk, day in seen.has_it.items()]
        answer = {"covered": seen.covered, "due": due, "has_it": has_it}
        return Response(RulePreviewSerializer(answer).data)

    @extend_schema(request=None)
    @action(detail=True, methods=["post"])
    def end(self, request: Request, pk: str | None = None) -> Response:
        """It is asked no more."""
        return self._answer(end_rule(by=self._user(), rule=self.get_object()))

    def _asked(self) -> TrainingRule:
        return NewRuleSerializer(data=self.request.data, context=self.get_serializer_context()).rule()

    def _answer(self, rule: TrainingRule, code: int = status.HTTP_200_OK) -> Response:
        return Response(TrainingRuleSerializer(read_rules([rule])[0]).data, code)

    def _user(self) -> Any:
        return self.request.user


class DutyFilter(django_filters.FilterSet):
    """`?state=overdue&rule=&department=&function=&manager=&employer=slug&mine=true`; `days` goes with `expiring`."""

    state = django_filters.ChoiceFilter(choices=[(state, state) for state in DUTY_STATES], method="filter_state")
    days = django_filters.NumberFilter(method="filter_days", min_value=1, max_value=MOST_DAYS)
    rule = django_filters.UUIDFilter(field_name="rule")
    department = django_filters.UUIDFilter(method="filter_department", label="with every department below it")
    function = django_filters.CharFilter(method="filter_function")
    manager = django_filters.UUIDFilter(method="filter_manager", label="of people whom this person manages")
    employer = django_filters.CharFilter(field_name="employer__slug")
    mine = django_filters.BooleanFilter(method="filter_mine")

    class Meta:
        model = TrainingDuty
        fields = ["state", "days", "rule", "department", "function", "manager", "employer", "mine"]

    def filter_state(self, queryset: QuerySet[TrainingDuty], _name: str, state: str) -> QuerySet[TrainingDuty]:
        days = self.form.cleaned_data.get("days")
        return cast(TrainingDutyQuerySet, queryset).in_state(state, int(days or 90))

    def filter_days(self, queryset: QuerySet[TrainingDuty], _name: str, _days: Any) -> QuerySet[TrainingDuty]:
        return queryset

    def filter_department(self, queryset: QuerySet[TrainingDuty], _name: str, pk: UUID) -> QuerySet[TrainingDuty]:
        return cast(TrainingDutyQuerySet, queryset).in_department(pk)

    def filter_function(self, queryset: QuerySet[TrainingDuty], _name: str, title: str) -> QuerySet[TrainingDuty]:
        return cast(TrainingDutyQuerySet, queryset).with_function(title)

    def filter_manager(self, queryset: QuerySet[TrainingDuty], _name: str, pk: UUID) -> QuerySet[TrainingDuty]:
        return cast(TrainingDutyQuerySet, queryset).managed_by(User(pk=pk))

    def filter_mine(self, queryset: QuerySet[TrainingDuty], _name: str, mine: bool) -> QuerySet[TrainingDuty]:
        own = {"learner": self.request.user.pk}
        return queryset.filter(**own) if mine else queryset.exclude(**own)


class WorstFirst(CursorPagination):
    """What was due first comes first."""

    ordering = ("due_on", "id")
    page_size = 50
    page_size_query_param = "page_size"
    max_page_size = 250


class TrainingDutyViewSet(mixins.RetrieveModelMixin, viewsets.GenericViewSet):
    """What rules ask: of oneself, of one's staff as HR, of the people one manages."""

    queryset = TrainingDuty.objects.none()
    serializer_class = TrainingDutySerializer
    filterset_class = DutyFilter
    pagination_class = WorstFirst
    lookup_value_regex = UUID_PATTERN

    def get_queryset(self) -> Any:
        return TrainingDuty.objects.visible_to(self.request.user)

    @extend_schema(responses=TrainingDutySerializer(many=True))
    def list(self, request: Request) -> Response:
        """What was due first comes first."""
        page = self.paginate_queryset(self.filter_queryset(self.get_queryset()).only("id", "due_on")) or []
        rows = read_duties([duty.pk for duty in page])
        return self.get_paginated_response(TrainingDutySerializer(rows, many=True).data)

    def retrieve(self, request: Request, pk: str | None = None) -> Response:
        """One duty."""
        return self._answer(self.get_object())

    @extend_schema(request=None)
    @action(detail=True, methods=["post"])
    def show(self, request: Request, pk: str | None = None) -> Response:
        """The worker shows the employer what they completed without it, so that it meets the duty; for good."""
        user: Any = request.user
        return self._answer(show_completion(by=user, duty=self.get_object()))

    def _answer(self, duty: TrainingDuty) -> Response:
        return Response(TrainingDutySerializer(read_duties([duty.pk])[0]).data)
