"""Forms of sessions: one, a weekly series, and the filters of the agenda."""

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from courses.models import Offering, Session
from courses.services.session_rules import teachers_for
from courses.timetable import LONGEST_SERIES, moment, read_days
from lms.core.errors import Invalid
from lms.core.texts import Text
from lms.organizations.models import Location, Room

from .offering_form import day as day_field
from .refusals import add_errors


def clock(label: Any) -> forms.TimeField:
    """A time of the clock in Amsterdam."""
    return forms.TimeField(label=label, widget=forms.TimeInput(format="%H:%M", attrs={"type": "time"}))


class MeetingForm(forms.Form):
    """At what time, where, with whom."""

    title_nl = forms.CharField(label=_("Title (Dutch)"), max_length=200, required=False)
    title_en = forms.CharField(label=_("Title (English)"), max_length=200, required=False)
    begins = clock(_("Begins"))
    ends = clock(_("Ends"))
    room = forms.ModelChoiceField(
        Room.objects.none(), label=_("Room"), help_text=_("Brings its place."), empty_label=_("none"), required=False
    )
    location = forms.ModelChoiceField(
        Location.objects.none(),
        label=_("Place"),
        help_text=_("Only where there is no room."),
        empty_label=_("none"),
        required=False,
    )
    link = forms.URLField(
        label=_("Link to the digital classroom"),
        help_text=_("Begins with https://. Shown to who takes part, from half an hour before the start."),
        max_length=500,
        required=False,
        assume_scheme="https",
    )
    teacher: Any = forms.ModelChoiceField(None, label=_("Teacher"), empty_label=_("none"), required=False)

    def __init__(self, *args: Any, user: Any, offering: Offering, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rooms = Room.objects.visible_to(user).select_related("location").order_by("location__name", "name")
        self.fields["room"].queryset = rooms  # type: ignore[attr-defined]
        places = Location.objects.visible_to(user).order_by("name")
        self.fields["location"].queryset = places  # type: ignore[attr-defined]
        self.fields["teacher"].queryset = teachers_for(offering).order_by("family_name", "id")  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """A room brings its place: what was chosen beside it is left out."""
        given = super().clean() or {}
        if given.get("room"):
            given["location"] = None
        try:
            self._read_times(given)
        except Invalid as refused:
            add_errors(self, refused)
        return given

    def _read_times(self, given: dict[str, Any]) -> None:
        """From what was typed to moments. Raises: Invalid."""
        raise NotImplementedError

    @property
    def shared(self) -> dict[str, Any]:
        """What sessions of a series have in common."""
        given = self.cleaned_data
        title: Text = {code: given[f"title_{code}"] for code in ("nl", "en") if given[f"title_{code}"]}
        return {"title": title} | {name: given[name] for name in ("room", "location", "link", "teacher")}


class SessionForm(MeetingForm):
    """One meeting."""

    day = day_field(_("Day"), required=True)

    def __init__(self, *args: Any, session: Session | None = None, **kwargs: Any) -> None:
        kwargs["initial"] = _values(session) if session else None
        super().__init__(*args, **kwargs)

    def _read_times(self, given: dict[str, Any]) -> None:
        for name in ("begins", "ends"):
            if given.get("day") and given.get(name):
                given[f"{name}_at"] = moment(given["day"], given[name], name)

    @property
    def facts(self) -> dict[str, Any]:
        """What the service takes."""
        given = self.cleaned_data
        return self.shared | {"starts_at": given["begins_at"], "ends_at": given["ends_at"]}


class SeriesForm(MeetingForm):
    """The same day and time each week."""

    first = day_field(_("First day"), required=True)
    times = forms.IntegerField(
        label=_("How many times"), help_text=_("Each week."), min_value=1, max_value=LONGEST_SERIES, initial=8
    )
    skipping = forms.CharField(
        label=_("Not on"),
        help_text=_("Dates that are skipped, such as 24-12-2026, 31-12-2026. The series runs on after them."),
        required=False,
        max_length=2000,
    )

    def _read_times(self, given: dict[str, Any]) -> None:
        given["skipping"] = read_days(given.get("skipping") or "")

    @property
    def facts(self) -> dict[str, Any]:
        """What the service takes."""
        names = ("first", "begins", "ends", "times", "skipping")
        return self.shared | {name: self.cleaned_data[name] for name in names}


def _values(session: Session) -> dict[str, Any]:
    starts, ends = timezone.localtime(session.starts_at), timezone.localtime(session.ends_at)
    values = {name: getattr(session, f"{name}_id") for name in ("room", "location", "teacher")}
    values |= {"location": None if session.room_id else session.location_id, "link": session.link}
    values |= {f"title_{code}": session.title.get(code, "") for code in ("nl", "en")}
    return values | {"day": starts.date(), "begins": starts.time(), "ends": ends.time()}


class AgendaForm(forms.Form):
    """Whose week."""

    is_filter = True

    week = forms.DateField(
        label=_("Week of"), required=False, widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
    )
    room = forms.ModelChoiceField(Room.objects.none(), label=_("Room"), empty_label=_("All"), required=False)
    teacher: Any = forms.ModelChoiceField(None, label=_("Teacher"), empty_label=_("All"), required=False)

    def __init__(self, *args: Any, user: Any, teachers: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rooms = Room.objects.visible_to(user).select_related("location").order_by("location__name", "name")
        self.fields["room"].queryset = rooms  # type: ignore[attr-defined]
        self.fields["teacher"].queryset = teachers  # type: ignore[attr-defined]
