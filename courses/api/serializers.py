"""Shapes of the API. Texts that authors wrote come per language; answers of quizzes only for who writes them."""

from typing import Any, ClassVar

from django.urls import reverse
from django.utils.translation import get_language
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from courses.kinds import KINDS
from courses.models import Image, Module, ModuleVersion, Occupation, Offering, Section, Skill, Track, Unit
from courses.policies import can_plan_offering, can_view_answers
from courses.services.authoring import FACTS
from lms.organizations.models import Location, Organization


@extend_schema_field(
    {
        "type": "object",
        "properties": {"nl": {"type": "string"}, "en": {"type": "string"}},
        "additionalProperties": False,
    }
)
class TextsField(serializers.JSONField):
    """A text per language."""


class ProviderSerializer(serializers.ModelSerializer):
    """Who offers it."""

    class Meta:
        model = Organization
        fields = ["slug", "name", "website", "is_recognised_school"]
        read_only_fields = fields


class LocationSerializer(serializers.ModelSerializer):
    """Where people meet."""

    class Meta:
        model = Location
        fields = ["id", "name", "street", "postal_code", "city"]
        read_only_fields = fields


class SkillSerializer(serializers.ModelSerializer):
    """A skill of a published framework."""

    class Meta:
        model = Skill
        fields = ["id", "framework", "uri", "code", "label_nl", "label_en"]
        read_only_fields = fields


class OccupationSerializer(serializers.ModelSerializer):
    """A trade or function of a published framework."""

    class Meta:
        model = Occupation
        fields = ["id", "framework", "uri", "code", "label_nl", "label_en"]
        read_only_fields = fields


class OfferingSerializer(serializers.ModelSerializer):
    """A run of a version. `employers` (for whom it is reserved) is told to the provider only, null to others."""

    provider = serializers.CharField(source="provider.slug", read_only=True)
    module = serializers.CharField(source="version.module.code", read_only=True)
    title = TextsField(source="version.title", read_only=True)
    state = serializers.ChoiceField(
        choices=["cancelled", "finished", "not_yet_open", "closed", "full", "open"], read_only=True
    )
    places_left = serializers.IntegerField(read_only=True, allow_null=True)
    location = LocationSerializer(read_only=True, allow_null=True)
    employers = serializers.SerializerMethodField()

    class Meta:
        model = Offering
        fields = [
            "id",
            "code",
            "provider",
            "module",
            "version",
            "title",
            "state",
            "starts_on",
            "ends_on",
            "enroll_from",
            "enroll_until",
            "capacity",
            "places_left",
            "price",
            "vat_percentage",
            "delivery",
            "language",
            "location",
            "visibility",
            "employers",
            "cancelled_at",
        ]
        read_only_fields = fields

    def get_employers(self, offering: Offering) -> list[str] | None:
        if not can_plan_offering(self.context["request"].user, offering.provider):
            return None
        return [employer.slug for employer in offering.employers.all()]


class VisibleVersion(serializers.PrimaryKeyRelatedField):
    """A version that the user may see."""

    def get_queryset(self) -> Any:
        return ModuleVersion.objects.visible_to(self.context["request"].user)


class VisibleModule(serializers.PrimaryKeyRelatedField):
    """A module that the user may see."""

    def get_queryset(self) -> Any:
        return Module.objects.visible_to(self.context["request"].user)


class VisibleSection(serializers.PrimaryKeyRelatedField):
    """A section that the user may see."""

    def get_queryset(self) -> Any:
        return Section.objects.visible_to(self.context["request"].user)


class VisibleLocation(serializers.PrimaryKeyRelatedField):
    """A place that the user may see."""

    def get_queryset(self) -> Any:
        return Location.objects.visible_to(self.context["request"].user)


class OwnProvider(serializers.SlugRelatedField):
    """A provider for which the user writes."""

    def get_queryset(self) -> Any:
        user = self.context["request"].user
        return Organization.objects.allowing(user, "author_modules").filter(is_provider=True)


class OfferingFactsSerializer(serializers.ModelSerializer):
    """What can be changed of a run; what is not given stays."""

    location = VisibleLocation(queryset=Location.objects.none(), required=False, allow_null=True)
    employers = serializers.ListField(
        child=serializers.SlugField(), required=False, max_length=200, help_text="Slugs of employers."
    )

    class Meta:
        model = Offering
        fields = [
            "starts_on",
            "ends_on",
            "enroll_from",
            "enroll_until",
            "capacity",
            "price",
            "vat_percentage",
            "delivery",
            "language",
            "location",
            "visibility",
            "employers",
        ]

    def validate_employers(self, slugs: list[str]) -> list[Organization]:
        found = list(Organization.objects.filter(is_employer=True, slug__in=slugs))
        missing = sorted(set(slugs) - {employer.slug for employer in found})
        if missing:
            unknown = serializers.SlugRelatedField.default_error_messages["does_not_exist"]
            raise serializers.ValidationError(unknown.format(slug_name="slug", value=", ".join(missing)), "unknown")
        return found


class OfferingCreateSerializer(OfferingFactsSerializer):
    """A new run of a published version."""

    version = VisibleVersion(queryset=ModuleVersion.objects.none())

    class Meta(OfferingFactsSerializer.Meta):
        fields = ["version", "code", *OfferingFactsSerializer.Meta.fields]
        extra_kwargs: ClassVar[dict[str, Any]] = {"code": {"validators": []}}


class UnitSerializer(serializers.ModelSerializer):
    """A step of a version. `data` (with the answers) is for authors and reviewers; `content` for who is signed in.

    `revision` names what the unit holds: give it back with a change, so that no colleague's work is overwritten.
    """

    title = TextsField()
    kind = serializers.ChoiceField(choices=sorted(KINDS), read_only=True)
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
        if not self.context["request"].user.is_authenticated or unit.kind not in KINDS:
            return None
        return KINDS[unit.kind].content(unit.data, get_language() or "nl")


class UnitCreateSerializer(serializers.Serializer):
    """A new unit, at the end of its section."""

    section = VisibleSection(queryset=Section.objects.none())
    kind = serializers.ChoiceField(choices=sorted(KINDS))
    title = TextsField()
    data = serializers.DictField(required=False)  # type: ignore[assignment]
    minutes = serializers.IntegerField(min_value=0, max_value=100_000, default=15)
    required = serializers.BooleanField(default=True)  # type: ignore[assignment]


class UnitChangeSerializer(serializers.Serializer):
    """What can be changed of a unit; `revision` is the one that was read."""

    revision = serializers.CharField()
    title = TextsField(required=False)
    data = serializers.DictField(required=False)  # type: ignore[assignment]
    minutes = serializers.IntegerField(min_value=0, max_value=100_000, required=False)
    required = serializers.BooleanField(required=False)  # type: ignore[assignment]


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

    class Meta:
        model = Section
        fields = ["id", "version", "position", "title"]
        read_only_fields = ["id", "position"]


class SectionCreateSerializer(serializers.Serializer):
    """A new section, at the end."""

    version = VisibleVersion(queryset=ModuleVersion.objects.none())
    title = TextsField()


class SectionTitleSerializer(serializers.Serializer):
    """A section's new title."""

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

    class Meta:
        model = ModuleVersion
        fields = ["id", "number", "is_draft", "published_at", "title"]
        read_only_fields = fields


class ModuleSerializer(serializers.ModelSerializer):
    """A module with the versions that the user may see, newest first."""

    provider = ProviderSerializer(read_only=True)
    versions = VersionRowSerializer(many=True, read_only=True)

    class Meta:
        model = Module
        fields = ["id", "provider", "code", "created_at", "versions"]
        read_only_fields = fields


class ModuleCreateSerializer(serializers.Serializer):
    """A new module: its first draft is made along with it."""

    provider = OwnProvider(slug_field="slug", queryset=Organization.objects.none())
    code = serializers.SlugField(max_length=40)
    title = TextsField()
    track = serializers.ChoiceField(choices=Track.choices)


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
    skills = serializers.ListField(
        child=serializers.CharField(max_length=255), max_length=200, help_text="Ids or URIs of skills."
    )

    class Meta:
        model = ModuleVersion
        fields = ["revision", *FACTS, "skills"]

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
            "published_at",
            "revision",
            *FACTS,
            "level_is_official",
            "skills",
            "sections",
        ]
        read_only_fields = fields

    @extend_schema_field(SectionTreeSerializer(many=True))
    def get_sections(self, version: ModuleVersion) -> Any:
        context = {**self.context, "version": version}
        return SectionTreeSerializer(version.sections.all(), many=True, context=context).data


class CatalogueSerializer(serializers.ModelSerializer):
    """A module as the catalogue shows it, with the runs one can join."""

    module = serializers.UUIDField(source="module_id", read_only=True)
    code = serializers.CharField(source="module.code", read_only=True)
    provider = ProviderSerializer(source="module.provider", read_only=True)
    title = TextsField()
    summary = TextsField()
    languages = serializers.ListField(child=serializers.CharField())
    offerings = serializers.SerializerMethodField()
    url = serializers.SerializerMethodField()

    class Meta:
        model = ModuleVersion
        fields = [
            "id",
            "module",
            "code",
            "provider",
            "url",
            "title",
            "summary",
            "track",
            "purpose",
            "level",
            "nlqf_basis",
            "level_is_official",
            "load",
            "load_unit",
            "languages",
            "document_type",
            "offerings",
        ]
        read_only_fields = fields

    @extend_schema_field(OfferingSerializer(many=True))
    def get_offerings(self, version: ModuleVersion) -> Any:
        found = self.context["offerings"].get(version.module_id, [])
        return OfferingSerializer(found, many=True, context=self.context).data

    @extend_schema_field({"type": "string", "format": "uri"})
    def get_url(self, version: ModuleVersion) -> str:
        path = reverse("courses:module", args=[version.module.provider.slug, version.module.code])
        return str(self.context["request"].build_absolute_uri(path))


class CatalogueDetailSerializer(CatalogueSerializer):
    """The same with everything a person wants to know before joining."""

    description = TextsField()
    outcomes = serializers.ListField(child=TextsField())
    work_processes = serializers.ListField(child=serializers.CharField())
    skills = SkillSerializer(many=True, read_only=True)

    class Meta(CatalogueSerializer.Meta):
        fields = [
            *CatalogueSerializer.Meta.fields,
            "description",
            "outcomes",
            "skills",
            "validity_months",
            "crebo",
            "croho",
            "certificate_code",
            "work_processes",
            "isced",
        ]
        read_only_fields = fields


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


class FieldErrorSerializer(serializers.Serializer):
    """One problem and where it is."""

    field = serializers.CharField()
    code = serializers.CharField()
    message = serializers.CharField()


class PublishCheckSerializer(serializers.Serializer):
    """Everything that keeps a version from being published."""

    publishable = serializers.BooleanField()
    errors = FieldErrorSerializer(many=True)  # type: ignore[assignment]
