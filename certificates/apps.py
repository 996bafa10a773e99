from typing import Any

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CertificatesConfig(AppConfig):
    name = "certificates"
    verbose_name = _("certificates")

    def ready(self) -> None:
        from courses.frame import TEACHING
        from enrollments.events import COMPLETED
        from enrollments.frame import LEARNING
        from lms.events.registry import join, reconcile, subscribe
        from lms.web.registry import NavItem, Panel, register_nav, register_panel

        from . import checks, events, handlers, proofs  # noqa: F401
        from .panels import latest_certificates
        from .policies import can_view_issued
        from .services.documents import make_forgotten_documents
        from .services.issuing import issue_forgotten

        join(COMPLETED, "certificates.issue", handlers.issue_for_completion)
        subscribe(events.ISSUED, "certificates.render", handlers.render_issued)
        reconcile("certificates.completed_without", issue_forgotten)
        reconcile("certificates.without_document", make_forgotten_documents)
        proofs.register()
        register_nav(NavItem(_("My certificates"), "certificates:mine", _is_signed_in, order=24, group=LEARNING))
        register_nav(
            NavItem(_("Issued certificates"), "certificates:issued", can_view_issued, order=35, group=TEACHING)
        )
        register_panel(Panel("certificates/panel.html", build=latest_certificates, order=60))


def _is_signed_in(user: Any) -> bool:
    return bool(user.is_authenticated)
