"""Verbs with consequences, by topic."""
