"""The Open Education API, versions 5 and 6, of what is offered: one model, one mapping per version.

The same base and rules serve `enrollments.ooapi`, which adds who takes part.
"""
