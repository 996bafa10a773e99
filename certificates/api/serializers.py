"""Certificates as JSON. `score` is there for the holder and the provider only."""

from datetime import datetime

from django.conf import settings
from django.urls import reverse
from rest_framework import serializers

from certificates.models import Certificate, CertificateState
from certificates.policies import can_view_result


class LevelSerializer(serializers.Serializer):
    """Official only on a code or a register number (Wet NLQF); otherwise indicative."""

    nlqf = serializers.IntegerField()
    official = serializers.BooleanField()
    basis = serializers.CharField()


class LoadSerializer(serializers.Serializer):
    """A value and its own unit; SBU is never turned into EC."""

    value = serializers.DecimalField(max_digits=6, decimal_places=1)
    unit = serializers.CharField()


class PublicCertificateSerializer(serializers.ModelSerializer):
    """What anyone with the code may know. No holder."""

    state = serializers.ChoiceField(choices=CertificateState.choices, read_only=True)
    document_title = serializers.DictField(child=serializers.CharField(), source="snapshot.document.title")
    module_code = serializers.CharField(source="snapshot.module.code")
    module_title = serializers.DictField(child=serializers.CharField(), source="snapshot.module.title")
    provider = serializers.CharField(source="snapshot.provider.name")
    level = LevelSerializer(source="snapshot.level", allow_null=True)
    load = LoadSerializer(source="snapshot.load", allow_null=True)
    completed_on = serializers.DateField(source="snapshot.completed_on")
    revoked_at = serializers.SerializerMethodField()
    replaced_at = serializers.SerializerMethodField()

    class Meta:
        model = Certificate
        fields = [
            "serial",
            "state",
            "award",
            "document_title",
            "module_code",
            "module_title",
            "provider",
            "level",
            "load",
            "language",
            "completed_on",
            "issued_at",
            "valid_until",
            "revoked_at",
            "replaced_at",
        ]
        read_only_fields = fields

    def get_revoked_at(self, certificate: Certificate) -> datetime | None:
        return certificate.revocation.revoked_at if hasattr(certificate, "revocation") else None

    def get_replaced_at(self, certificate: Certificate) -> datetime | None:
        return certificate.replaced_by.issued_at if hasattr(certificate, "replaced_by") else None


class CertificateSerializer(PublicCertificateSerializer):
    """A certificate for who may see it in the list."""

    holder_name = serializers.CharField(source="snapshot.holder.name")
    outcomes = serializers.ListField(child=serializers.DictField(), source="snapshot.outcomes")
    score = serializers.SerializerMethodField()
    verify_url = serializers.SerializerMethodField()
    pdf_url = serializers.SerializerMethodField()
    sha256 = serializers.SerializerMethodField()

    class Meta(PublicCertificateSerializer.Meta):
        fields = [
            "id",
            *PublicCertificateSerializer.Meta.fields,
            "holder_name",
            "outcomes",
            "score",
            "enrollment",
            "replaces",
            "verify_url",
            "pdf_url",
            "sha256",
        ]
        read_only_fields = fields

    enrollment = serializers.UUIDField(source="completion.enrollment_id")

    def get_score(self, certificate: Certificate) -> float | None:
        if not can_view_result(self.context["request"].user, certificate):
            return None
        score: float | None = certificate.snapshot["result"]["score"]
        return score

    def get_verify_url(self, certificate: Certificate) -> str:
        return settings.BASE_URL + reverse("certificates:verify", args=[certificate.code])

    def get_pdf_url(self, certificate: Certificate) -> str | None:
        if not hasattr(certificate, "document"):
            return None
        return settings.BASE_URL + reverse("certificate-pdf", args=[certificate.pk])

    def get_sha256(self, certificate: Certificate) -> str | None:
        return certificate.document.sha256 if hasattr(certificate, "document") else None


class RevokeSerializer(serializers.Serializer):
    """Why it is taken back."""

    reason = serializers.CharField(max_length=500)


class ReplaceSerializer(serializers.Serializer):
    """Why it is corrected. Without a name the account's present name is taken."""

    reason = serializers.CharField(max_length=500)
    holder_name = serializers.CharField(max_length=240, required=False, allow_blank=True)
