"""Project and platform. Knows nothing of the domain packages courses, enrollments and certificates."""

from .celery import app as celery_app

__all__ = ["celery_app"]
