"""What this app does when a fact is announced."""

from enrollments.models import Completion
from lms.events.models import DomainEvent

from .services.issuing import issue_certificate


def issue_for_completion(event: DomainEvent) -> None:
    """`enrollment.completed`, joined: the certificate exists in the same instant as the completion."""
    issue_certificate(Completion.objects.get(pk=event.payload["completion"]))


def render_issued(event: DomainEvent) -> None:
    """`certificate.issued`, after commit: a worker makes the document.

    When the broker is away this raises, and the relay tries again; a task that gets lost is found by the reconciler.
    """
    from .tasks import render

    render.delay(str(event.subject_id))
