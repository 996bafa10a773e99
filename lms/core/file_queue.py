"""Celery's queue in a folder, for the embedded mode: a message appears there whole or not at all.

Kombu's own writes into the file under its final name. A worker that looks in between reads nothing and stops.
"""

from pathlib import Path
from time import monotonic
from typing import Any
from uuid import uuid4

from kombu.transport import filesystem
from kombu.utils.json import dumps


class Channel(filesystem.Channel):
    def _put(self, queue: str, message: Any, **kwargs: Any) -> None:  # type: ignore[override]
        whole = Path(self.data_folder_out) / f"{round(monotonic() * 1000)}_{uuid4()}.{queue}.msg"
        part = whole.with_name(f"{whole.name}.part")  # a name that no reader looks for
        part.write_text(dumps(message))
        part.replace(whole)


class Transport(filesystem.Transport):
    Channel = Channel
