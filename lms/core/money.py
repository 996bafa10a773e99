"""Amounts in words."""

from decimal import Decimal

from django.utils.formats import number_format


def euros(amount: Decimal) -> str:
    """As the reader's language writes it."""
    return f"€ {number_format(amount, decimal_pos=2, use_l10n=True, force_grouping=True)}"
