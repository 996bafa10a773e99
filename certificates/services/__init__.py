"""Verbs with consequences, by topic: issuing, correcting, documents."""
