"""Training needs of employers, and the modules that fit them."""

from typing import Any

from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import mixins, serializers, status, viewsets
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from courses.api.serializers import TextsField
from courses.models import Occupation, Skill, Track
from enrollments.models import NeedAnswer, NeedState, TrainingNeed
from enrollments.needs.matching import matches_for, wish_of
from enrollments.needs.scoring import Fit, Match
from enrollments.needs.timeline import steps_of
from enrollments.services.answering import decline_places, meet_need
from enrollments.services.needs import FARTHEST, MOST_PEOPLE, MOST_SKILLS, post_need, take_back_need
from lms.organizations.models import Department, Organization

from .viewsets import UUID_PATTERN


class NamedSkillSerializer(serializers.ModelSerializer):
    """A skill with its label in the reader's language."""

    label = serializers.CharField(read_only=True)  # type: ignore[assignment]

    class Meta:
        model = Skill
        fields = ["id", "uri", "label"]
        read_only_fields = fields


class NeedStepSerializer(serializers.Serializer):
    """A step of a need; `at` is null while it is still to come."""

    name = serializers.CharField()
    words = serializers.CharField()
    at = serializers.DateTimeField(allow_null=True)


class NeedSerializer(serializers.ModelSerializer):
    """What an employer needs."""

    employer = serializers.CharField(source="employer.slug", read_only=True)
    occupation = serializers.CharField(source="occupation.uri", read_only=True, allow_null=True, default=None)
    department = serializers.CharField(source="department.name", read_only=True, allow_null=True, default=None)
    skills = NamedSkillSerializer(many=True, read_only=True)
    state = serializers.ChoiceField(choices=NeedState.choices, read_only=True)

    class Meta:
        model = TrainingNeed
        fields = [
            *("id", "employer", "title", "note", "occupation", "skills", "department", "track", "level", "people"),
            *("by_day", "place", "km", "state", "bundle", "posted_at", "met_at", "taken_back_at"),
        ]
        read_only_fields = fields


class NeedDetailSerializer(NeedSerializer):
    """With what happened to it, and what is still to come."""

    steps = serializers.SerializerMethodField()

    class Meta(NeedSerializer.Meta):
        fields = [*NeedSerializer.Meta.fields, "steps"]
        read_only_fields = fields

    @extend_schema_field(NeedStepSerializer(many=True))
    def get_steps(self, need: TrainingNeed) -> Any:
        return NeedStepSerializer(steps_of(need), many=True).data


class OwnEmployer(serializers.SlugRelatedField):
    """An employer for which the user posts."""

    def get_queryset(self) -> Any:
        return Organization.objects.allowing(self.context["request"].user, "post_needs").filter(is_employer=True)


class PostNeedSerializer(serializers.Serializer):
    """`skills` by URI; without them those that the occupation (URI) essentially needs."""

    employer = OwnEmployer(slug_field="slug", queryset=Organization.objects.none())
    title = serializers.CharField(max_length=160, required=False, default="", allow_blank=True)
    note = serializers.CharField(max_length=2000, required=False, default="", allow_blank=True)
    occupation = serializers.SlugRelatedField(
        slug_field="uri", queryset=Occupation.objects.current(), required=False, allow_null=True, default=None
    )
    skills = serializers.ListField(
        child=serializers.CharField(max_length=255),
        max_length=MOST_SKILLS,
        required=False,
        allow_null=True,
        default=None,
    )
    department = serializers.CharField(required=False, allow_null=True, default=None, max_length=120)
    track = serializers.ChoiceField(choices=Track.choices, required=False, allow_blank=True, default="")
    level = serializers.IntegerField(min_value=1, max_value=8, required=False, allow_null=True, default=None)
    people = serializers.IntegerField(min_value=1, max_value=MOST_PEOPLE)
    by_day = serializers.DateField(required=False, allow_null=True, default=None)
    place = serializers.CharField(max_length=80, required=False, allow_blank=True, default="")
    km = serializers.IntegerField(min_value=1, max_value=FARTHEST, required=False, default=25)

    def validate_skills(self, uris: list[str] | None) -> list[Skill] | None:
        """Those that their framework still has, in one query."""
        if uris is None:
            return None
        found = Skill.objects.current().in_bulk(uris, field_name="uri")
        unknown = {str(place): [_("No skill has this URI.")] for place, uri in enumerate(uris) if uri not in found}
        if unknown:
            raise serializers.ValidationError(unknown)
        return list(found.values())

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """The department is one of the employer's."""
        if name := attrs["department"]:
            found = Department.objects.filter(employer=attrs["employer"], name__iexact=name).first()
            if found is None:
                raise serializers.ValidationError({"department": [_("Choose a department of this employer.")]})
            attrs["department"] = found
        return attrs


class ReasonSerializer(serializers.Serializer):
    """One thing that counts, in the language of the request: `points` of the `most` it can give."""

    kind = serializers.CharField(help_text="skills, level, track, place, date or places")
    fit = serializers.ChoiceField(choices=[fit.value for fit in Fit])
    points = serializers.IntegerField()
    most = serializers.IntegerField()
    text = serializers.CharField(allow_blank=True)


class MatchSerializer(serializers.Serializer):
    """A module that gives at least one of the skills, in the run of it that suits best."""

    score = serializers.IntegerField(help_text="0 to 100: the share of the points that could be had.")
    module = serializers.UUIDField(source="version.module_id")
    provider = serializers.CharField(source="version.module.provider.slug")
    code = serializers.CharField(source="version.module.code")
    title = TextsField(source="version.title")
    offering = serializers.SerializerMethodField()
    price = serializers.SerializerMethodField()
    places_left = serializers.SerializerMethodField()
    given = serializers.ListField(child=serializers.CharField())
    missing = serializers.ListField(child=serializers.CharField())
    reasons = ReasonSerializer(many=True)

    def get_offering(self, match: Match) -> str | None:
        """Its code; null where there is none to join."""
        return match.run.offering.code if match.run else None

    def get_price(self, match: Match) -> str | None:
        """What a place costs this employer, ex VAT."""
        return str(match.run.price) if match.run else None

    def get_places_left(self, match: Match) -> int | None:
        """For this employer, with what is reserved for it; null where there is no limit or no run."""
        return match.run.places if match.run else None


class AnswerChoiceSerializer(serializers.Serializer):
    """Which answer to the bundle."""

    answer = serializers.UUIDField(required=False, allow_null=True, default=None)


class TrainingNeedViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, viewsets.GenericViewSet):
    """What one's employer needs; for a hub coordinator what all employers of the region need."""

    queryset = TrainingNeed.objects.none()
    serializer_class = NeedSerializer
    filterset_fields = ["state"]
    lookup_value_regex = UUID_PATTERN

    def get_queryset(self) -> Any:
        visible = TrainingNeed.objects.visible_to(self.request.user)
        return visible.select_related("employer", "occupation", "department", "bundle").prefetch_related("skills")

    def get_serializer_class(self) -> Any:
        return NeedSerializer if self.action == "list" else NeedDetailSerializer

    @extend_schema(request=PostNeedSerializer, responses={201: NeedDetailSerializer})
    def create(self, request: Request) -> Response:
        """Post a need. What fits is at `matches`."""
        form = PostNeedSerializer(data=request.data, context=self.get_serializer_context())
        form.is_valid(raise_exception=True)
        need = post_need(by=self._user(), **form.validated_data)
        return Response(self._detail(need), status=status.HTTP_201_CREATED)

    @extend_schema(responses=MatchSerializer(many=True))
    @action(detail=True, methods=["get"], pagination_class=None, filter_backends=[])
    def matches(self, request: Request, pk: str | None = None) -> Response:
        """At most twenty modules in the catalogue, best first, each with its reasons."""
        need = self.get_object()
        found = matches_for(request.user, wish_of(need), need.employer)
        return Response(MatchSerializer(found, many=True).data)

    @extend_schema(request=None, responses=NeedDetailSerializer)
    @action(detail=True, methods=["post"], url_path="take-back")
    def take_back(self, request: Request, pk: str | None = None) -> Response:
        """Not needed any more; what was reserved for it is given up."""
        return Response(self._detail(take_back_need(by=self._user(), need=self.get_object())))

    @extend_schema(request=AnswerChoiceSerializer, responses=NeedDetailSerializer)
    @action(detail=True, methods=["post"])
    def met(self, request: Request, pk: str | None = None) -> Response:
        """Accept the places that an answer keeps; without an answer: what was needed was found elsewhere."""
        need = self.get_object()
        return Response(self._detail(meet_need(by=self._user(), need=need, answer=self._answer(need))))

    @extend_schema(request=AnswerChoiceSerializer, responses=NeedDetailSerializer)
    @action(detail=True, methods=["post"])
    def decline(self, request: Request, pk: str | None = None) -> Response:
        """Give up the places that an answer keeps."""
        need = self.get_object()
        answer = self._answer(need)
        if answer is None:
            raise serializers.ValidationError({"answer": [_("Say which answer.")]})
        return Response(self._detail(decline_places(by=self._user(), need=need, answer=answer)))

    def _answer(self, need: TrainingNeed) -> NeedAnswer | None:
        form = AnswerChoiceSerializer(data=self.request.data)
        form.is_valid(raise_exception=True)
        if form.validated_data["answer"] is None:
            return None
        answers = NeedAnswer.objects.filter(bundle=need.bundle_id) if need.bundle_id else NeedAnswer.objects.none()
        return get_object_or_404(answers, pk=form.validated_data["answer"])

    def _detail(self, need: TrainingNeed) -> Any:
        return NeedDetailSerializer(self.get_queryset().get(pk=need.pk), context=self.get_serializer_context()).data

    def _user(self) -> Any:
        return self.request.user
