"""Whole quarters of the calendar in Amsterdam, by which the figures of the region are cut."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time

from django.utils import timezone

from lms.core.clock import today


@dataclass(frozen=True, order=True)
class Quarter:
    """Such as the third of 2026."""

    year: int
    number: int

    @classmethod
    def of(cls, day: date) -> Quarter:
        """The one in which a day lies."""
        return cls(day.year, (day.month + 2) // 3)

    @property
    def next(self) -> Quarter:
        """The one that follows."""
        return Quarter(self.year + self.number // 4, self.number % 4 + 1)

    @property
    def begins_at(self) -> datetime:
        """Its first moment."""
        return timezone.make_aware(datetime.combine(date(self.year, self.number * 3 - 2, 1), time.min))

    @property
    def is_over(self) -> bool:
        """No more can happen in it."""
        return self < Quarter.of(today())
