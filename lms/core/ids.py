"""Identifiers: time-ordered primary keys, and codes nobody can guess."""

import secrets
import time
import uuid

# Crockford's base 32: no I, L, O, U, so that a code can be read aloud and typed from paper.
CODE_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
CODE_LENGTH = 26  # 26 x 5 bits >= 128 bits
_CODE_REPAIR = str.maketrans({"I": "1", "L": "1", "O": "0", "-": "", " ": ""})


def uuid7() -> uuid.UUID:
    """RFC 9562 version 7: milliseconds, then 12 bits of their fraction, then random.

    The fraction makes ids sort by creation within one process, also inside one millisecond; they index well.
    """
    milliseconds, rest = divmod(time.time_ns(), 1_000_000)
    fraction = rest * 4096 // 1_000_000
    return uuid.UUID(int=milliseconds << 80 | 0x7 << 76 | fraction << 64 | 0x2 << 62 | secrets.randbits(62))


def unguessable_code() -> str:
    """A public code of at least 128 random bits."""
    return "".join(secrets.choice(CODE_ALPHABET) for _ in range(CODE_LENGTH))


def normalize_code(typed: str) -> str:
    """What a person typed or scanned, as stored: capitals, no separators, look-alikes repaired."""
    return typed.strip().upper().translate(_CODE_REPAIR)
