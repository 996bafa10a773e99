"""The Open Education API, versions 5 and 6, of who takes part: associations and persons.

The base and its rules are in `courses.ooapi`.
"""
