"""The one settings package: environment-driven, split by topic, never per environment."""

# ruff: noqa: F403
from .accounts import *
from .api import *
from .apps import *
from .data import *
from .jobs import *
from .language import *
from .logs import *
from .security import *
