"""What is offered: modules and their versions, the units in them, skills, and dated offerings."""

from .content import Image, Section, Unit
from .modules import DocumentType, LoadUnit, Module, ModuleVersion, NlqfBasis, Purpose, Track
from .offerings import Delivery, Offering, Visibility
from .skills import Occupation, OccupationSkill, Skill

__all__ = [
    "Delivery",
    "DocumentType",
    "Image",
    "LoadUnit",
    "Module",
    "ModuleVersion",
    "NlqfBasis",
    "Occupation",
    "OccupationSkill",
    "Offering",
    "Purpose",
    "Section",
    "Skill",
    "Track",
    "Unit",
    "Visibility",
]
