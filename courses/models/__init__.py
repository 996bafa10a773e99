"""What is offered: modules and their versions, the units in them, programmes, dated offerings and their sessions."""

from .catalogue import CatalogueEntry, CatalogueTerm, CatalogueWord
from .content import Image, ModuleFile, Section, Unit
from .exchange import ModuleImport
from .modules import (
    DocumentType,
    LoadUnit,
    Module,
    ModuleMember,
    ModuleVersion,
    NlqfBasis,
    Purpose,
    Track,
    VersionState,
)
from .offerings import Delivery, Offering, ReservedPlaces, Visibility
from .programmes import Prerequisite, Programme, ProgrammeItem
from .reviews import Decision, Review
from .sessions import Session, SessionState
from .skills import Occupation, OccupationSkill, Sector, Skill

__all__ = [
    "CatalogueEntry",
    "CatalogueTerm",
    "CatalogueWord",
    "Decision",
    "Delivery",
    "DocumentType",
    "Image",
    "LoadUnit",
    "Module",
    "ModuleFile",
    "ModuleImport",
    "ModuleMember",
    "ModuleVersion",
    "NlqfBasis",
    "Occupation",
    "OccupationSkill",
    "Offering",
    "Prerequisite",
    "Programme",
    "ProgrammeItem",
    "Purpose",
    "ReservedPlaces",
    "Review",
    "Section",
    "Sector",
    "Session",
    "SessionState",
    "Skill",
    "Track",
    "Unit",
    "VersionState",
    "Visibility",
]
