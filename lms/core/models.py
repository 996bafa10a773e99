"""Abstract bases. This package has no tables of its own."""

from django.db import models

from .ids import uuid7


class Entity(models.Model):
    """A thing with a time-ordered UUID, which is also its name in URLs."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)

    class Meta:
        abstract = True
