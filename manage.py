#!/usr/bin/env python3
"""Django's command line for this project. What a command does is audited under the command's name."""

import os
import sys

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lms.settings")
    from django.core.management import execute_from_command_line

    from lms.core.actor import Actor, acting

    with acting(Actor(via="command", origin=" ".join(sys.argv[1:2]))):
        execute_from_command_line(sys.argv)
