"""Named questions. Every list a person sees starts from `visible_to(user)`."""

from .approvals import ApprovalStepQuerySet
from .duties import DUTY_STATES, TrainingDutyQuerySet, TrainingRuleQuerySet
from .employers import (
    AgreementQuerySet,
    ImportRowQuerySet,
    InvoiceQuerySet,
    NeedBundleQuerySet,
    ScheduledReportQuerySet,
    StaffImportQuerySet,
    TrainingNeedQuerySet,
)
from .enrollments import EnrollmentQuerySet
from .region import RegionalQuarterQuerySet
from .wishes import InterestQuerySet, OverrideQuerySet

__all__ = [
    "DUTY_STATES",
    "AgreementQuerySet",
    "ApprovalStepQuerySet",
    "EnrollmentQuerySet",
    "ImportRowQuerySet",
    "InterestQuerySet",
    "InvoiceQuerySet",
    "NeedBundleQuerySet",
    "OverrideQuerySet",
    "RegionalQuarterQuerySet",
    "ScheduledReportQuerySet",
    "StaffImportQuerySet",
    "TrainingDutyQuerySet",
    "TrainingNeedQuerySet",
    "TrainingRuleQuerySet",
]
