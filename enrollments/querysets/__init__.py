"""Named questions. Every list a person sees starts from `visible_to(user)`."""

from .approvals import ApprovalStepQuerySet
from .employers import (
    AgreementQuerySet,
    ImportRowQuerySet,
    InvoiceQuerySet,
    NeedBundleQuerySet,
    ScheduledReportQuerySet,
    StaffImportQuerySet,
    TrainingDutyQuerySet,
    TrainingNeedQuerySet,
    TrainingRuleQuerySet,
)
from .enrollments import EnrollmentQuerySet
from .wishes import InterestQuerySet, OverrideQuerySet

__all__ = [
    "AgreementQuerySet",
    "ApprovalStepQuerySet",
    "EnrollmentQuerySet",
    "ImportRowQuerySet",
    "InterestQuerySet",
    "InvoiceQuerySet",
    "NeedBundleQuerySet",
    "OverrideQuerySet",
    "ScheduledReportQuerySet",
    "StaffImportQuerySet",
    "TrainingDutyQuerySet",
    "TrainingNeedQuerySet",
    "TrainingRuleQuerySet",
]
