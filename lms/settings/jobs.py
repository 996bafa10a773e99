"""Celery: an accelerator only. Losing the broker with everything in it loses nothing (see lms.events)."""

from celery.schedules import crontab

from .variables import read, var_dir

CELERY_BROKER_URL = read("CELERY_BROKER_URL") or "filesystem://"
CELERY_TASK_ALWAYS_EAGER = False
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True  # else a task whose pool child dies is lost despite acks_late
CELERY_TASK_PUBLISH_RETRY = False  # a request never waits for a broker that is away
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_TIMEZONE = "UTC"
CELERY_BEAT_SCHEDULE_FILENAME = str(var_dir() / "celerybeat-schedule")
CELERY_BEAT_SCHEDULE = {
    "relay-events": {"task": "lms.events.relay", "schedule": 5.0, "options": {"expires": 5}},
    "reconcile": {"task": "lms.events.reconcile", "schedule": 60.0, "options": {"expires": 60}},
    "promote-waiting": {"task": "enrollments.promote_waiting", "schedule": 3600.0, "options": {"expires": 3600}},
    "keep-duties": {"task": "enrollments.keep_duties", "schedule": crontab(hour="4", minute="10")},
    "check-ledgers": {"task": "enrollments.check_ledgers", "schedule": crontab(hour="3", minute="40")},
}

if CELERY_BROKER_URL == "filesystem://":
    CELERY_BROKER_TRANSPORT = "lms.core.file_queue:Transport"
    _queue = var_dir() / "queue"
    _control = var_dir() / "queue-control"
    for _folder in (_queue, _control):
        _folder.mkdir(exist_ok=True)
    CELERY_BROKER_TRANSPORT_OPTIONS = {
        "data_folder_in": str(_queue),
        "data_folder_out": str(_queue),
        "control_folder": str(_control),
        "polling_interval": 0.05,
    }
elif CELERY_BROKER_URL.startswith("redis"):
    CELERY_BROKER_TRANSPORT_OPTIONS = {
        "visibility_timeout": 3600,
        "unacked_restore_interval": 2,  # with both: redelivered 21 s after a worker's death; default 102 s
        "unacked_restore_throttle": 1,
        "socket_timeout": 5,
        "socket_connect_timeout": 2,
        "connect_retries_timeout": 1,  # else each wake-up waits 4 s for a broker that is away
    }
