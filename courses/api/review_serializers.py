"""Shapes of reviews."""

from rest_framework import serializers

from courses.models import Decision, Review

from .serializers import TextsField


class RequestSerializer(serializers.Serializer):
    """What an author tells the reviewers along with a draft."""

    request = serializers.CharField(required=False, allow_blank=True, max_length=4_000)


class NotesSerializer(serializers.Serializer):
    """What a reviewer has to say; without it changes cannot be requested."""

    notes = serializers.CharField(required=False, allow_blank=True, max_length=10_000, default="")


class ReviewSerializer(serializers.ModelSerializer):
    """One round: submitted with a note, decided by somebody else with notes. `decision` is empty while it is open."""

    module = serializers.UUIDField(source="version.module_id", read_only=True)
    number = serializers.IntegerField(source="version.number", read_only=True)
    title = TextsField(source="version.title", read_only=True)
    submitted_by = serializers.CharField(source="submitted_by.full_name", read_only=True)
    decision = serializers.ChoiceField(choices=["", *Decision.values], read_only=True)
    decided_by = serializers.CharField(source="decided_by.full_name", read_only=True, allow_null=True, default=None)

    class Meta:
        model = Review
        fields = [
            "id",
            "version",
            "module",
            "number",
            "title",
            "submitted_by",
            "submitted_at",
            "request",
            "decision",
            "decided_by",
            "decided_at",
            "notes",
        ]
        read_only_fields = fields
