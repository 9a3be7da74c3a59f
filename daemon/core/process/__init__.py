"""The process profile: what its language can say (language), loading one (loading, soundness), its words (words)."""

from daemon.core.process.language import (
    GRADES,
    Choice,
    ExtraFact,
    Numbering,
    Process,
    Rung,
    Step,
    Tell,
)
from daemon.core.process.loading import BadProfile, Fault, fingerprint, load_process
from daemon.core.process.words import FALLBACKS, Words, in_language

__all__ = [
    "FALLBACKS",
    "GRADES",
    "BadProfile",
    "Choice",
    "ExtraFact",
    "Fault",
    "Numbering",
    "Process",
    "Rung",
    "Step",
    "Tell",
    "Words",
    "fingerprint",
    "in_language",
    "load_process",
]
