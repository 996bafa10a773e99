"""Shapes of the difference between two versions."""

from rest_framework import serializers


class RunSerializer(serializers.Serializer):
    """A stretch of text."""

    mark = serializers.ChoiceField(choices=["same", "added", "removed"])
    text = serializers.CharField()


class ChangeSerializer(serializers.Serializer):
    """One thing that differs: a fact (`old`, `new`), a text (with `runs`) or a list (`added`, `removed`)."""

    label = serializers.CharField()  # type: ignore[assignment]
    shape = serializers.ChoiceField(choices=["fact", "text", "list"])
    language = serializers.CharField()
    old = serializers.CharField()
    new = serializers.CharField()
    runs = RunSerializer(many=True)
    added = serializers.ListField(child=serializers.CharField())
    removed = serializers.ListField(child=serializers.CharField())


class UnitDifferenceSerializer(serializers.Serializer):
    """What happened to a unit; `moved_from` names the section where it was, when it moved."""

    title = serializers.CharField()
    kind = serializers.CharField()
    happened = serializers.ChoiceField(choices=["added", "removed", "kept"])
    moved_from = serializers.CharField()
    changes = ChangeSerializer(many=True)


class SectionDifferenceSerializer(serializers.Serializer):
    """What happened to a section and its units."""

    title = serializers.CharField()
    happened = serializers.ChoiceField(choices=["added", "removed", "kept"])
    moved = serializers.BooleanField()
    changes = ChangeSerializer(many=True)
    units = UnitDifferenceSerializer(many=True)


class DifferenceSerializer(serializers.Serializer):
    """What changed from version `against` to version `number`; what is equal is left out."""

    against = serializers.IntegerField()
    number = serializers.IntegerField()
    facts = ChangeSerializer(many=True)
    sections = SectionDifferenceSerializer(many=True)
