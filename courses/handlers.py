"""What this app does in the same instant as a fact of its own: keep the catalogue equal to what is published."""

from lms.events.models import DomainEvent

from .models import Module
from .services.indexing import index_module


def show_in_catalogue(event: DomainEvent) -> None:
    """A module was published, retired or brought back."""
    module = Module.objects.filter(pk=event.payload.get("module", event.subject_id)).first()
    if module is not None:
        index_module(module)
