from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class EnrollmentsConfig(AppConfig):
    name = "enrollments"
    verbose_name = _("enrollments")

    def ready(self) -> None:
        from courses import events as offered
        from lms.events.registry import join, reconcile, subscribe
        from lms.organizations import events as organized

        from . import events, frame, handlers, session_notices
        from .services.completing import complete_forgotten
        from .services.scheduling import send_due_reports
        from .staff_import.services import continue_lists, forget_old_lists
        from .staff_import.telling import tell_imported

        subscribe(events.ACTIVATED, "enrollments.tell_activated", handlers.tell_activated)
        subscribe(events.WAITLISTED, "enrollments.tell_waitlisted", handlers.tell_waitlisted)
        subscribe(events.IMPORTED, "enrollments.tell_imported", tell_imported)
        subscribe(events.COMPLETED, "enrollments.tell_completed", handlers.tell_completed)
        subscribe(events.MOVED, "enrollments.tell_moved", handlers.tell_moved)
        subscribe(offered.OFFERING_PLANNED, "enrollments.tell_interested", handlers.tell_interested)
        notices = session_notices
        subscribe(offered.OFFERING_CANCELLED, "enrollments.tell_offering_cancelled", notices.tell_offering_cancelled)
        subscribe(offered.SESSION_MOVED, "enrollments.tell_session_moved", notices.tell_session_moved)
        subscribe(offered.SESSION_CANCELLED, "enrollments.tell_session_cancelled", notices.tell_session_cancelled)
        for changed in (offered.SESSION_PLANNED, offered.SESSION_MOVED, offered.SESSION_CANCELLED):
            subscribe(changed, "enrollments.count_attendance", handlers.count_attendance)
        join(organized.EMPLOYMENT_READDRESSED, "enrollments.refuse_while_enrolled", handlers.refuse_while_enrolled)
        join(organized.DEPARTMENT_MERGED, "enrollments.keep_department_names", handlers.keep_department_names)
        join(offered.OFFERING_ARCHIVED, "enrollments.refuse_while_active", notices.refuse_while_active)
        reconcile("enrollments.done_not_completed", complete_forgotten)
        self._register_places()
        self._register_region()
        self._register_needs()
        self._register_requests()
        self._register_duties()
        reconcile("enrollments.due_reports", send_due_reports)
        reconcile("enrollments.old_uploads", forget_old_lists)
        reconcile("enrollments.unfinished_lists", continue_lists)
        frame.register()

    def _register_places(self) -> None:
        from courses import events as offered
        from lms.events.registry import join, reconcile, subscribe

        from . import agreement_notices, events, handlers
        from .ledger import report_mismatches
        from .services import ending
        from .services.offers import accept_unanswered

        subscribe(events.OFFERED, "enrollments.tell_offered", handlers.tell_offered)
        subscribe(events.AGREEMENT_PROPOSED, "enrollments.tell_agreement_proposed", agreement_notices.tell_proposed)
        subscribe(events.AGREEMENT_ACCEPTED, "enrollments.tell_agreement_accepted", agreement_notices.tell_accepted)
        subscribe(events.AGREEMENT_FREED, "enrollments.fill_places_paid_by", handlers.fill_places_paid_by)
        subscribe(offered.OFFERING_CHANGED, "enrollments.fill_places", handlers.fill_places)
        join(events.COMPLETED, "enrollments.use_of_completed", ending.use_of_completed)
        join(offered.OFFERING_CANCELLED, "enrollments.release_cancelled", ending.release_cancelled)
        reconcile("enrollments.unanswered_offers", accept_unanswered)
        reconcile("enrollments.begun_not_used", ending.use_begun)
        reconcile("enrollments.over_not_expired", ending.expire_over)
        reconcile("enrollments.ledger_disagrees", report_mismatches)

    def _register_region(self) -> None:
        from lms.events.registry import reconcile

        from .services.regional import publish_next_quarter

        reconcile("enrollments.unpublished_quarter", publish_next_quarter)

    def _register_needs(self) -> None:
        from lms.events.registry import reconcile, subscribe

        from . import events
        from .needs import notices
        from .services.answering import return_lapsed_needs

        subscribe(events.NEED_POSTED, "enrollments.tell_need_posted", notices.tell_posted)
        subscribe(events.NEED_BUNDLED, "enrollments.tell_need_bundled", notices.tell_bundled)
        subscribe(events.BUNDLE_ASKED, "enrollments.tell_bundle_asked", notices.tell_asked)
        subscribe(events.NEED_ANSWERED, "enrollments.tell_need_answered", notices.tell_answered)
        subscribe(events.NEED_MET, "enrollments.tell_need_met", notices.tell_met)
        subscribe(events.NEED_TAKEN_BACK, "enrollments.tell_need_taken_back", notices.tell_taken_back)
        reconcile("enrollments.lapsed_answers", return_lapsed_needs)

    def _register_requests(self) -> None:
        from lms.events.registry import join, reconcile, subscribe

        from . import approval_notices, events
        from .services.deciding import close_turn, pass_on_stale_turns

        subscribe(events.TURN_CAME, "enrollments.tell_whose_turn", approval_notices.tell_whose_turn)
        subscribe(events.REFUSED, "enrollments.tell_refused", approval_notices.tell_refused)
        join(events.WITHDRAWN, "enrollments.close_turn", close_turn)
        reconcile("enrollments.stale_turns", pass_on_stale_turns)
        reconcile("enrollments.waiting_turns", approval_notices.remind_deciders)

    def _register_duties(self) -> None:
        from lms.events.registry import reconcile, subscribe

        from . import events
        from .services.duties import begin_rule, keep_changed_duties, meet_duties

        subscribe(events.RULE_BEGUN, "enrollments.begin_rule", begin_rule)
        subscribe(events.COMPLETED, "enrollments.meet_duties", meet_duties)
        reconcile("enrollments.duties_out_of_step", keep_changed_duties)
