"""Who takes what is offered, on whose account, and what employers need."""

from .approvals import ApprovalPolicy, ApprovalStep, Approver, Decision
from .duties import JobFunction, Obstacle, TrainingDuty, TrainingRule
from .enrollments import (
    HOLDS_PLACE_STATES,
    LIVE_STATES,
    ONGOING_STATES,
    PLACE_STATES,
    TAKES_PART_STATES,
    ArrangedBy,
    Enrollment,
    EnrollmentState,
    percent_of,
)
from .evidence import Attempt, Attendance, Completion, UnitProgress, VersionMove
from .funding import (
    Agreement,
    AgreementPrice,
    EntryKind,
    FundingRecord,
    Invoice,
    LedgerEntry,
    ReservationState,
    Route,
    SeatReservation,
)
from .needs import BundleState, NeedAnswer, NeedBundle, NeedState, TrainingNeed
from .region import RegionalQuarter
from .reports import Frequency, GradeShare, ReportKind, ScheduledReport
from .staff_imports import ImportRow, ImportState, RowOutcome, StaffImport, StaffOutcome
from .wishes import CalendarFeed, Interest, PrerequisiteOverride

__all__ = [
    "HOLDS_PLACE_STATES",
    "LIVE_STATES",
    "ONGOING_STATES",
    "PLACE_STATES",
    "TAKES_PART_STATES",
    "Agreement",
    "AgreementPrice",
    "ApprovalPolicy",
    "ApprovalStep",
    "Approver",
    "ArrangedBy",
    "Attempt",
    "Attendance",
    "BundleState",
    "CalendarFeed",
    "Completion",
    "Decision",
    "Enrollment",
    "EnrollmentState",
    "EntryKind",
    "Frequency",
    "FundingRecord",
    "GradeShare",
    "ImportRow",
    "ImportState",
    "Interest",
    "Invoice",
    "JobFunction",
    "LedgerEntry",
    "NeedAnswer",
    "NeedBundle",
    "NeedState",
    "Obstacle",
    "PrerequisiteOverride",
    "RegionalQuarter",
    "ReportKind",
    "ReservationState",
    "Route",
    "RowOutcome",
    "ScheduledReport",
    "SeatReservation",
    "StaffImport",
    "StaffOutcome",
    "TrainingDuty",
    "TrainingNeed",
    "TrainingRule",
    "UnitProgress",
    "VersionMove",
    "percent_of",
]
