"""What the lists can be cut to."""

from typing import Any

import django_filters

from courses.models import (
    Image,
    Module,
    ModuleFile,
    ModuleMember,
    Occupation,
    Offering,
    Review,
    Section,
    Skill,
    Unit,
)


class ModuleFilter(django_filters.FilterSet):
    """`?provider=slug&code=…`."""

    provider = django_filters.CharFilter(field_name="provider__slug")

    class Meta:
        model = Module
        fields = ["provider", "code"]


class SectionFilter(django_filters.FilterSet):
    """`?version=id`."""

    version = django_filters.UUIDFilter()

    class Meta:
        model = Section
        fields = ["version"]


class UnitFilter(django_filters.FilterSet):
    """`?version=id&section=id&kind=quiz`."""

    version = django_filters.UUIDFilter(field_name="section__version")
    section = django_filters.UUIDFilter()

    class Meta:
        model = Unit
        fields = ["version", "section", "kind"]


class ModuleMemberFilter(django_filters.FilterSet):
    """`?module=id&role=co_author`."""

    module = django_filters.UUIDFilter()

    class Meta:
        model = ModuleMember
        fields = ["module", "role"]


class ReviewFilter(django_filters.FilterSet):
    """`?version=id&open=true`."""

    version = django_filters.UUIDFilter()
    open = django_filters.BooleanFilter("decided_at", lookup_expr="isnull", label="waits for a decision")

    class Meta:
        model = Review
        fields = ["version", "open"]


class OfferingFilter(django_filters.FilterSet):
    """`?provider=slug&module=code&version=id&delivery=…&open=true&state=running`. Without a state: not archived."""

    provider = django_filters.CharFilter(field_name="provider__slug")
    module = django_filters.CharFilter(field_name="version__module__code")
    version = django_filters.UUIDFilter()
    open = django_filters.BooleanFilter(method="filter_open", label="open for enrollment now")
    state = django_filters.ChoiceFilter(
        choices=[(name, name) for name in ("ahead", "running", "over", "cancelled", "archived")], method="filter_state"
    )

    class Meta:
        model = Offering
        fields = ["provider", "module", "version", "delivery", "code", "open", "state"]

    def filter_state(self, queryset: Any, _name: str, state: str) -> Any:
        return queryset.in_state(state)

    def filter_open(self, queryset: Any, _name: str, wanted: bool) -> Any:
        running = Offering.objects.open_for_enrollment().values("pk")
        return queryset.filter(pk__in=running) if wanted else queryset.exclude(pk__in=running)


class ImageFilter(django_filters.FilterSet):
    """`?module=id`."""

    module = django_filters.UUIDFilter()

    class Meta:
        model = Image
        fields = ["module"]


class FileFilter(django_filters.FilterSet):
    """`?module=id`."""

    module = django_filters.UUIDFilter()

    class Meta:
        model = ModuleFile
        fields = ["module"]


class SkillFilter(django_filters.FilterSet):
    """`?q=words&uri=…&framework=ESCO&occupation=uri&current=true`."""

    q = django_filters.CharFilter(method="filter_q", label="words in the Dutch or English label")
    uri = django_filters.CharFilter()
    occupation = django_filters.CharFilter(method="filter_occupation", label="URI or id of an occupation")
    current = django_filters.BooleanFilter(method="filter_current", label="not retired by its framework")

    class Meta:
        model = Skill
        fields = ["q", "uri", "framework", "occupation", "current"]

    def filter_occupation(self, queryset: Any, _name: str, occupation: str) -> Any:
        return queryset.needed_in(occupation)

    def filter_q(self, queryset: Any, _name: str, words: str) -> Any:
        return queryset.named(words)

    def filter_current(self, queryset: Any, _name: str, wanted: bool) -> Any:
        return queryset.filter(retired_at__isnull=wanted)


class OccupationFilter(SkillFilter):
    """`?q=words&uri=…&framework=ESCO&current=true`."""

    occupation = None

    class Meta:
        model = Occupation
        fields = ["q", "uri", "framework", "current"]
