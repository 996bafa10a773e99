"""Shapes of the API. What is read comes as dictionaries from `enrollments.rows` and `enrollments.progress`."""

from typing import Any

from rest_framework import serializers

from courses.models import Offering
from enrollments.models import ArrangedBy, Attempt, EnrollmentState
from enrollments.progress import Actor, StepState
from enrollments.services.learning import verdict_of
from lms.organizations.models import Organization


class LearnerSerializer(serializers.Serializer):
    """Who learns; number, department and last working day for the employer only."""

    id = serializers.UUIDField()
    name = serializers.CharField()
    email = serializers.EmailField(allow_null=True)
    personnel_number = serializers.CharField(allow_null=True)
    department = serializers.CharField(allow_null=True)
    left_on = serializers.DateField(allow_null=True)


class OfferingRowSerializer(serializers.Serializer):
    """What is taken."""

    code = serializers.CharField()
    title = serializers.CharField()
    starts_on = serializers.DateField()
    ends_on = serializers.DateField(allow_null=True)


class OrganizationNameSerializer(serializers.Serializer):
    """A provider or employer by name."""

    slug = serializers.CharField()
    name = serializers.CharField()


class EnrollmentRowSerializer(serializers.Serializer):
    """One enrollment as lists show it: what the employer that arranged it may see too."""

    id = serializers.UUIDField()
    state = serializers.ChoiceField(choices=EnrollmentState.choices)
    learner = LearnerSerializer()
    offering = OfferingRowSerializer()
    version = serializers.IntegerField(min_value=1)
    provider = OrganizationNameSerializer()
    employer = OrganizationNameSerializer(allow_null=True)
    arranged_by = serializers.ChoiceField(choices=ArrangedBy.choices)
    mandatory = serializers.BooleanField()
    created_at = serializers.DateTimeField()
    activated_at = serializers.DateTimeField(allow_null=True)
    ended_at = serializers.DateTimeField(allow_null=True)
    attended_minutes = serializers.IntegerField(min_value=0, help_text="At sessions, as marked.")
    percent = serializers.IntegerField(min_value=0, max_value=100)
    overdue = serializers.BooleanField()
    completed_at = serializers.DateTimeField(allow_null=True)
    grade = serializers.FloatField(
        allow_null=True, help_text="In percent, where anything was judged; the employer sees it while it is shared."
    )
    masked = serializers.CharField(allow_null=True, help_text="From when on the row shows no more, and why.")


class StepSerializer(serializers.Serializer):
    """One unit and how this learner stands in it."""

    id = serializers.UUIDField(source="unit.pk")
    title = serializers.CharField(source="unit")
    section = serializers.CharField(source="unit.section")
    kind = serializers.CharField(source="unit.kind")
    minutes = serializers.IntegerField(source="unit.minutes")
    counts = serializers.BooleanField()
    state = serializers.ChoiceField(choices=StepState.choices)
    best_score = serializers.DecimalField(max_digits=5, decimal_places=2, allow_null=True)
    attempts = serializers.IntegerField()
    attempts_left = serializers.IntegerField(allow_null=True)
    pass_mark = serializers.IntegerField(allow_null=True)


class MissingSerializer(serializers.Serializer):
    """What still has to happen, why, and by whom. `unit` is null for what is about no one unit."""

    unit = serializers.UUIDField(source="unit.pk", allow_null=True, default=None)
    title = serializers.CharField(source="unit", allow_null=True)
    why = serializers.CharField()
    who = serializers.ChoiceField(choices=Actor.choices)


class ProgressSerializer(serializers.Serializer):
    """The whole explanation."""

    percent = serializers.IntegerField(min_value=0, max_value=100)
    units_done = serializers.IntegerField(source="done")
    units_required = serializers.IntegerField(source="required")
    next = serializers.UUIDField(source="next.pk", allow_null=True, default=None)
    missing = MissingSerializer(many=True)
    units = StepSerializer(many=True, source="steps")


class EnrollmentSerializer(EnrollmentRowSerializer):
    """One enrollment with its explanation, which is null for the employer."""

    progress = ProgressSerializer(allow_null=True)


class VisibleOffering(serializers.SlugRelatedField):
    """An offering that the user may see."""

    def get_queryset(self) -> Any:
        return Offering.objects.visible_to(self.context["request"].user)


class OwnEmployer(serializers.SlugRelatedField):
    """An employer for which the user enrolls."""

    def get_queryset(self) -> Any:
        return Organization.objects.allowing(self.context["request"].user, "enroll_staff")


class EnrollSerializer(serializers.Serializer):
    """Enroll oneself with `offering` alone; one's staff with `employer` and `learners` (ids or e-mail addresses)."""

    offering = VisibleOffering(slug_field="code", queryset=Offering.objects.none())
    employer = OwnEmployer(
        slug_field="slug", queryset=Organization.objects.none(), required=False, allow_null=True, default=None
    )
    learners = serializers.ListField(
        child=serializers.CharField(max_length=254), required=False, allow_empty=False, max_length=1000
    )
    mandatory = serializers.BooleanField(default=False)
    cost_recovery = serializers.BooleanField(default=False, help_text="Never together with `mandatory` (BW 7:611a).")
    due_on = serializers.DateField(required=False, allow_null=True, default=None)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if (attrs["employer"] is None) != ("learners" not in attrs):
            missing = "employer" if attrs["employer"] is None else "learners"
            raise serializers.ValidationError({missing: self.fields[missing].error_messages["required"]}, "required")
        return attrs


class LackSerializer(serializers.Serializer):
    """Somebody who was not enrolled, and what is to be completed first."""

    learner = serializers.UUIDField(source="learner.pk")
    name = serializers.CharField()
    missing = serializers.ListField(child=serializers.CharField())


class OutcomeSerializer(serializers.Serializer):
    """Ids of enrollments by what happened to them, why some wait, and who lacks what the module asks beforehand."""

    active = serializers.ListField(child=serializers.UUIDField())
    waitlisted = serializers.ListField(child=serializers.UUIDField())
    existing = serializers.ListField(child=serializers.UUIDField())
    lacking = LackSerializer(many=True)
    shortage = serializers.CharField(help_text="Why some wait: for a place, or for seats or money of an agreement.")


class UnitContentSerializer(StepSerializer):
    """A unit with what the learner reads or answers; never the right answers."""

    content = serializers.DictField()


class AnswersSerializer(serializers.Serializer):
    """`{"answers": {question id: [option ids]}}`."""

    answers = serializers.DictField()


class AttemptSerializer(serializers.ModelSerializer):
    """An attempt, for the learner alone: `right` says per question whether it was right."""

    right = serializers.SerializerMethodField()
    score = serializers.DecimalField(max_digits=5, decimal_places=2, read_only=True)

    class Meta:
        model = Attempt
        fields = ["number", "answers", "score", "passed", "submitted_at", "right"]
        read_only_fields = fields

    def get_right(self, attempt: Attempt) -> dict[str, bool]:
        right: dict[str, bool] = verdict_of(attempt).feedback.get("right", {})
        return right


class ReasonSerializer(serializers.Serializer):
    """Why."""

    reason = serializers.CharField(max_length=1000)


class StandingSerializer(serializers.Serializer):
    """A place on the waiting list; `shortage` (what is waited for) is empty for the learner."""

    place = serializers.IntegerField(min_value=1)
    of = serializers.IntegerField(min_value=1)
    since = serializers.DateTimeField()
    shortage = serializers.CharField(allow_blank=True)
