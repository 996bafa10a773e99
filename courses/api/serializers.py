"""Shapes of the API. Texts that authors wrote come per language; answers of quizzes only for who writes them."""

from typing import Any, ClassVar

from django.urls import reverse
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from courses.completion_rule import sentence
from courses.models import ModuleVersion, Occupation, Offering, Sector, Skill
from courses.policies import can_plan_offering
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
        fields = ["id", "framework", "uri", "code", "label_nl", "label_en", "label_nl_is_ours", "retired_at"]
        read_only_fields = fields


class OccupationSerializer(serializers.ModelSerializer):
    """A trade or function of a published framework."""

    class Meta:
        model = Occupation
        fields = ["id", "framework", "uri", "code", "label_nl", "label_en", "label_nl_is_ours", "retired_at"]
        read_only_fields = fields


class SectorSerializer(serializers.ModelSerializer):
    """A branch of industry: a division or section of NACE Rev. 2."""

    class Meta:
        model = Sector
        fields = ["code", "label_nl", "label_en"]
        read_only_fields = fields


class OfferingSerializer(serializers.ModelSerializer):
    """A run of a version. `employers` (for whom it is reserved) is told to the provider only, null to others."""

    provider = serializers.CharField(source="provider.slug", read_only=True)
    module = serializers.CharField(source="version.module.code", read_only=True)
    title = TextsField(source="version.title", read_only=True)
    state = serializers.ChoiceField(
        choices=["archived", "cancelled", "finished", "not_yet_open", "closed", "full", "open"], read_only=True
    )
    places_left = serializers.IntegerField(read_only=True, allow_null=True)
    minimum_reached = serializers.BooleanField(read_only=True)
    vat = serializers.DecimalField(max_digits=11, decimal_places=2, read_only=True)
    price_with_vat = serializers.DecimalField(max_digits=11, decimal_places=2, read_only=True)
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
            "minimum",
            "minimum_reached",
            "price",
            "vat_percentage",
            "vat",
            "price_with_vat",
            "delivery",
            "language",
            "location",
            "visibility",
            "employers",
            "cancelled_at",
            "archived_at",
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


class VisibleLocation(serializers.PrimaryKeyRelatedField):
    """A place that the user may see."""

    def get_queryset(self) -> Any:
        return Location.objects.visible_to(self.context["request"].user)


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
            "minimum",
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


class OfferingSwitchSerializer(serializers.Serializer):
    """The version that newcomers get from now on."""

    version = VisibleVersion(queryset=ModuleVersion.objects.none())


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
    rule_sentence = serializers.SerializerMethodField()
    sectors = SectorSerializer(many=True, read_only=True)
    skills = SkillSerializer(many=True, read_only=True)

    class Meta(CatalogueSerializer.Meta):
        fields = [
            *CatalogueSerializer.Meta.fields,
            "description",
            "outcomes",
            "rule_sentence",
            "sectors",
            "skills",
            "validity_months",
            "crebo",
            "croho",
            "certificate_code",
            "work_processes",
            "isced",
        ]
        read_only_fields = fields

    def get_rule_sentence(self, version: ModuleVersion) -> str:
        """When it is completed, in the language of the request."""
        return sentence(version.rule)
