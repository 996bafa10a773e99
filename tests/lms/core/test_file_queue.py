"""The embedded mode's queue in a folder."""

from pathlib import Path
from queue import Empty

import pytest
from kombu import Connection
from kombu.transport import filesystem

from lms.core.file_queue import Transport


@pytest.fixture
def folders(tmp_path):
    return {
        "data_folder_in": str(tmp_path),
        "data_folder_out": str(tmp_path),
        "control_folder": str(tmp_path / "control"),
    }


def test_the_embedded_mode_uses_it(settings):
    assert settings.CELERY_BROKER_TRANSPORT == "lms.core.file_queue:Transport"


def test_a_message_arrives_once(folders):
    with Connection("filesystem://", transport=Transport, transport_options=folders) as connection:
        channel = connection.default_channel
        channel._put("celery", {"body": "één"})
        assert channel._get("celery") == {"body": "één"}
        with pytest.raises(Empty):
            channel._get("celery")


@pytest.mark.parametrize(
    "transport", [Transport, pytest.param(filesystem.Transport, marks=pytest.mark.xfail(strict=True))]
)
def test_a_message_still_being_written_is_not_there_yet(folders, transport, monkeypatch):
    """The worker looks at the worst moment: an empty file. Kombu's own transport is the negative control."""
    with Connection("filesystem://", transport=transport, transport_options=folders) as connection:
        channel = connection.default_channel
        seen = []

        def look(*args):
            try:
                seen.append(channel._get("celery"))
            except Empty:
                seen.append(None)

        monkeypatch.setattr(filesystem, "lock", look)
        replace = Path.replace
        monkeypatch.setattr(Path, "replace", lambda part, message: (look(), replace(part, message))[1])
        channel._put("celery", {"body": "whole"})
        assert seen == [None]
        assert channel._get("celery") == {"body": "whole"}
