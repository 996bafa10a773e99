"""Routes under /api/v1/."""

from rest_framework.routers import SimpleRouter

from .agreements import AgreementViewSet, InvoiceViewSet, LedgerEntryViewSet
from .attendance import AttendanceViewSet
from .functions import FunctionViewSet
from .funding import FundingRecordViewSet
from .interests import DemandViewSet, InterestViewSet
from .need_bundles import NeedBundleViewSet
from .needs import TrainingNeedViewSet
from .overrides import OverrideViewSet
from .region import RegionalFiguresViewSet
from .reports import ReportViewSet
from .requests import ApprovalPolicyViewSet, PlaceRequestViewSet
from .rules import TrainingDutyViewSet, TrainingRuleViewSet
from .scheduled_reports import ScheduledReportViewSet
from .sessions import EnrollmentSessionViewSet
from .skill_gap import SkillGapViewSet
from .staff_imports import StaffImportViewSet
from .version_moves import VersionMoveViewSet
from .viewsets import UUID_PATTERN, EnrollmentViewSet, UnitViewSet

router = SimpleRouter()
router.register("agreements", AgreementViewSet, basename="agreement")
router.register("ledger-entries", LedgerEntryViewSet, basename="ledger-entry")
router.register("invoices", InvoiceViewSet, basename="invoice")
router.register("demand", DemandViewSet, basename="demand")
router.register("enrollments", EnrollmentViewSet, basename="enrollment")
router.register(f"enrollments/(?P<enrollment>{UUID_PATTERN})/units", UnitViewSet, basename="enrollment-unit")
router.register("funding-records", FundingRecordViewSet, basename="funding-record")
router.register("interests", InterestViewSet, basename="interest")
router.register("job-functions", FunctionViewSet, basename="job-function")
router.register(
    f"enrollments/(?P<enrollment>{UUID_PATTERN})/sessions", EnrollmentSessionViewSet, basename="enrollment-session"
)
router.register("prerequisite-overrides", OverrideViewSet, basename="prerequisite-override")
router.register("regional-figures", RegionalFiguresViewSet, basename="regional-figures")
router.register("reports", ReportViewSet, basename="report")
router.register("scheduled-reports", ScheduledReportViewSet, basename="scheduled-report")
router.register(f"sessions/(?P<session>{UUID_PATTERN})/attendance", AttendanceViewSet, basename="attendance")
router.register("requests", PlaceRequestViewSet, basename="request")
router.register("approval-policies", ApprovalPolicyViewSet, basename="approval-policy")
router.register("training-duties", TrainingDutyViewSet, basename="training-duty")
router.register("training-rules", TrainingRuleViewSet, basename="training-rule")
router.register("staff-imports", StaffImportViewSet, basename="staff-import")
router.register("need-bundles", NeedBundleViewSet, basename="need-bundle")
router.register("skill-gap", SkillGapViewSet, basename="skill-gap")
router.register("training-needs", TrainingNeedViewSet, basename="training-need")
router.register("versions", VersionMoveViewSet, basename="version-move")

urlpatterns = router.urls
