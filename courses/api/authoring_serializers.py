"""Shapes of what authors write. The answers of quizzes only for who writes or reviews them."""

from typing import Any

from django.urls import reverse
from django.utils.translation import get_language
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from courses.completion_rule import sentence
from courses.kinds import KIND_KEYS, KINDS
from courses.models import Image, Module, ModuleFile, ModuleVersion, Section, Sector, Skill, Track, Unit, VersionState
from courses.policies import can_view_answers, can_view_draft
from courses.services.authoring import FACTS
from lms.organizations.models import Organization

from .serializers import ProviderSerializer, SectorSerializer, SkillSerializer, TextsField, VisibleVersion


class VisibleModule(serializers.PrimaryKeyRelatedField):
    """A module that the user may see."""

    def get_queryset(self) -> Any:
        return Module.objects.visible_to(self.context["request"].user)


class VisibleSection(serializers.PrimaryKeyRelatedField):
    """A section that the user may see."""

    def get_queryset(self) -> Any:
        return Section.objects.visible_to(self.context["request"].user)


class OwnProvider(serializers.SlugRelatedField):
    """A provider for which the user writes."""

    def get_queryset(self) -> Any:
        user = self.context["request"].user
        return Organization.objects.allowing(user, "author_modules").filter(is_provider=True)


class UnitSerializer(serializers.ModelSerializer):
    """A step of a version. `data` (with the answers) is for authors and reviewers; `content` for who is signed in.

    `revision` names what the unit holds: give it back with a change, so that no colleague's work is overwritten.
    """

    title = TextsField()
    kind = serializers.ChoiceField(choices=KIND_KEYS, read_only=True)
    revision = serializers.CharField(read_only=True)
    data = serializers.SerializerMethodField()  # type: ignore[assignment]
    content = serializers.SerializerMethodField()

    class Meta:
        model = Unit
        fields = [
            "id",
            "section",
            "lineage",
            "position",
            "kind",
            "title",
            "minutes",
            "required",
            "points",
            "revision",
            "data",
            "content",
        ]
        read_only_fields = fields

    def to_representation(self, unit: Unit) -> dict[str, Any]:
        shown = super().to_representation(unit)
        if shown["data"] is None:
            shown["revision"] = None  # a hash over the answers would let them be guessed
        return shown

    def get_data(self, unit: Unit) -> dict[str, Any] | None:
        version = self.context.get("version") or unit.section.version
        return unit.data if can_view_answers(self.context["request"].user, version) else None

    def get_content(self, unit: Unit) -> dict[str, Any] | None:
        """For those who write and review it: learners read at their enrollment, others see the outline."""
        version = self.context.get("version") or unit.section.version
        if not can_view_draft(self.context["request"].user, version) or unit.kind not in KINDS:
            return None
        return KINDS[unit.kind].content(unit.data, get_language() or "nl")


class UnitCreateSerializer(serializers.Serializer):
    """A new unit, at the end of its section."""

    section = VisibleSection(queryset=Section.objects.none())
    kind = serializers.ChoiceField(choices=KIND_KEYS)
    title = TextsField()
    data = serializers.DictField(required=False)  # type: ignore[assignment]
    minutes = serializers.IntegerField(min_value=0, max_value=100_000, default=15)
    required = serializers.BooleanField(default=True)  # type: ignore[assignment]
    points = serializers.IntegerField(min_value=0, max_value=1_000, default=1)


class UnitChangeSerializer(serializers.Serializer):
    """What can be changed of a unit; `revision` is the one that was read."""

    revision = serializers.CharField()
    title = TextsField(required=False)
    data = serializers.DictField(required=False)  # type: ignore[assignment]
    minutes = serializers.IntegerField(min_value=0, max_value=100_000, required=False)
    required = serializers.BooleanField(required=False)  # type: ignore[assignment]
    points = serializers.IntegerField(min_value=0, max_value=1_000, required=False)


class UnitMoveSerializer(serializers.Serializer):
    """Where it goes: a position from 0, in another section of the same draft when one is given."""

    position = serializers.IntegerField(min_value=0, max_value=100_000)
    section = VisibleSection(queryset=Section.objects.none(), required=False)


class SectionMoveSerializer(serializers.Serializer):
    """Where it goes: a position from 0."""

    position = serializers.IntegerField(min_value=0, max_value=100_000)


class SectionSerializer(serializers.ModelSerializer):
    """A chapter of a version."""

    title = TextsField()
    revision = serializers.CharField(read_only=True)

    class Meta:
        model = Section
        fields = ["id", "version", "position", "title", "revision"]
        read_only_fields = ["id", "position", "revision"]


class SectionCreateSerializer(serializers.Serializer):
    """A new section, at the end."""

    version = VisibleVersion(queryset=ModuleVersion.objects.none())
    title = TextsField()


class SectionTitleSerializer(serializers.Serializer):
    """A section's new title; `revision` is the one that was read."""

    revision = serializers.CharField()
    title = TextsField()


class SectionTreeSerializer(SectionSerializer):
    """A chapter with its units."""

    units = UnitSerializer(many=True, read_only=True)

    class Meta(SectionSerializer.Meta):
        fields = [*SectionSerializer.Meta.fields, "units"]
        read_only_fields = fields


class VersionRowSerializer(serializers.ModelSerializer):
    """A version by name."""

    title = TextsField()
    state = serializers.ChoiceField(choices=VersionState.choices, read_only=True)

    class Meta:
        model = ModuleVersion
        fields = ["id", "number", "is_draft", "state", "published_at", "title"]
        read_only_fields = fields


class ModuleSerializer(serializers.ModelSerializer):
    """A module with the versions that the user may see, newest first."""

    provider = ProviderSerializer(read_only=True)
    versions = VersionRowSerializer(many=True, read_only=True)

    class Meta:
        model = Module
        fields = ["id", "provider", "code", "created_at", "retired_at", "versions"]
        read_only_fields = fields


class ModuleCreateSerializer(serializers.Serializer):
    """A new module: its first draft is made along with it."""

    provider = OwnProvider(slug_field="slug", queryset=Organization.objects.none())
    code = serializers.SlugField(max_length=40)
    title = TextsField()
    track = serializers.ChoiceField(choices=Track.choices)


class ModuleCopySerializer(serializers.Serializer):
    """A new module from another; `title` where it differs, `version` a number where it is not the newest."""

    provider = OwnProvider(slug_field="slug", queryset=Organization.objects.none())
    code = serializers.SlugField(max_length=40)
    title = TextsField(required=False)
    version = serializers.IntegerField(min_value=1, max_value=100_000, required=False)


class VersionFactsSerializer(serializers.ModelSerializer):
    """The facts that an author may change; what is not given stays."""

    revision = serializers.IntegerField(help_text="The revision that was read: another one is refused as stale.")
    title = TextsField()
    summary = TextsField()
    description = TextsField()
    outcomes = serializers.ListField(child=TextsField(), max_length=100)
    languages = serializers.ListField(child=serializers.ChoiceField(choices=["nl", "en"]), max_length=2)
    work_processes = serializers.ListField(child=serializers.CharField(max_length=20), max_length=100)
    quality_framework = serializers.DictField(child=serializers.CharField(allow_blank=True, max_length=400))
    rule = serializers.DictField(help_text="Such as {'units': 'any', 'count': 3, 'average': 70, 'attendance': 80}.")
    sectors = serializers.SlugRelatedField(slug_field="code", queryset=Sector.objects.all(), many=True)
    skills = serializers.ListField(
        child=serializers.CharField(max_length=255), max_length=200, help_text="Ids or URIs of skills."
    )

    class Meta:
        model = ModuleVersion
        fields = ["revision", *FACTS, "sectors", "skills"]

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if "revision" not in attrs:
            raise serializers.ValidationError(
                {"revision": self.fields["revision"].error_messages["required"]}, "required"
            )
        return attrs

    def validate_skills(self, names: list[str]) -> list[Skill]:
        ids = [name for name in names if ":" not in name]
        for name in ids:
            serializers.UUIDField().run_validation(name)
        found = [*Skill.objects.filter(pk__in=ids), *Skill.objects.filter(uri__in=set(names) - set(ids))]
        known = {str(skill.pk) for skill in found} | {skill.uri for skill in found}
        missing = [name for name in names if name.lower() not in known and name not in known]
        if missing:
            unknown = serializers.SlugRelatedField.default_error_messages["does_not_exist"]
            raise serializers.ValidationError(unknown.format(slug_name="id", value=", ".join(missing)), "unknown")
        return found


class VersionSerializer(serializers.ModelSerializer):
    """A version with its whole tree."""

    state = serializers.ChoiceField(choices=VersionState.choices, read_only=True)
    module = serializers.UUIDField(source="module_id", read_only=True)
    code = serializers.CharField(source="module.code", read_only=True)
    provider = ProviderSerializer(source="module.provider", read_only=True)
    title = TextsField()
    summary = TextsField()
    description = TextsField()
    outcomes = serializers.ListField(child=TextsField())
    languages = serializers.ListField(child=serializers.CharField())
    work_processes = serializers.ListField(child=serializers.CharField())
    quality_framework = serializers.DictField(child=serializers.CharField())
    rule = serializers.DictField()
    rule_sentence = serializers.SerializerMethodField()
    sectors = SectorSerializer(many=True, read_only=True)
    skills = SkillSerializer(many=True, read_only=True)
    sections = serializers.SerializerMethodField()

    class Meta:
        model = ModuleVersion
        fields = [
            "id",
            "module",
            "code",
            "provider",
            "number",
            "is_draft",
            "state",
            "submitted_at",
            "approved_at",
            "published_at",
            "revision",
            *FACTS,
            "rule_sentence",
            "level_is_official",
            "sectors",
            "skills",
            "sections",
        ]
        read_only_fields = fields

    def get_rule_sentence(self, version: ModuleVersion) -> str:
        """The completion rule in the language of the request."""
        return sentence(version.rule)

    @extend_schema_field(SectionTreeSerializer(many=True))
    def get_sections(self, version: ModuleVersion) -> Any:
        context = {**self.context, "version": version}
        return SectionTreeSerializer(version.sections.all(), many=True, context=context).data


class ImageSerializer(serializers.ModelSerializer):
    """A picture of a module; write `reference` in a text as `![words](reference)`."""

    module = VisibleModule(queryset=Module.objects.none())
    file = serializers.FileField(write_only=True)
    alt = TextsField()
    reference = serializers.SerializerMethodField()
    url = serializers.SerializerMethodField()

    class Meta:
        model = Image
        fields = ["id", "module", "file", "alt", "width", "height", "reference", "url"]
        read_only_fields = ["id", "width", "height"]

    def get_reference(self, image: Image) -> str:
        return f"image:{image.pk}"

    @extend_schema_field({"type": "string", "format": "uri"})
    def get_url(self, image: Image) -> str:
        return str(self.context["request"].build_absolute_uri(reverse("courses:image", args=[image.pk])))


class FileSerializer(serializers.ModelSerializer):
    """A file of a module. Name its `id` in a unit's data; `url` is for who writes or reviews the module."""

    module = VisibleModule(queryset=Module.objects.none())
    file = serializers.FileField(write_only=True)
    url = serializers.SerializerMethodField()

    class Meta:
        model = ModuleFile
        fields = ["id", "module", "file", "name", "content_type", "size", "sha256", "url"]
        read_only_fields = ["id", "name", "content_type", "size", "sha256"]

    @extend_schema_field({"type": "string", "format": "uri"})
    def get_url(self, file: ModuleFile) -> str:
        return str(self.context["request"].build_absolute_uri(reverse("courses:file", args=[file.pk])))


class FieldErrorSerializer(serializers.Serializer):
    """One problem and where it is."""

    field = serializers.CharField()
    code = serializers.CharField()
    message = serializers.CharField()


class PublishCheckSerializer(serializers.Serializer):
    """Everything that keeps a version from being published; and `warnings`, which do not."""

    publishable = serializers.BooleanField()
    warnings = serializers.ListField(child=serializers.CharField())
    errors = FieldErrorSerializer(many=True)  # type: ignore[assignment]
