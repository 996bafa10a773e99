"""`python -m tests.broker.scenario BEHAVIOR`: a change is committed with its fact; prints the seconds that took."""

import sys
import time
import uuid

from . import worker

if __name__ == "__main__":
    from django.db import transaction

    from lms.events.services import record

    start = time.monotonic()
    with transaction.atomic():
        record(worker.FACT, uuid.uuid4(), {"behavior": sys.argv[1]})
    print(time.monotonic() - start)
