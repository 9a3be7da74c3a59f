"""The process profile: what its language can say, putting one together, loading it with every fault named.

language and parts hold the vocabulary, composing joins what a profile extends and overrides, soundness finds what a
schema cannot see, loading does all of it, writing makes the text that a case pins, words knows languages.
"""

from daemon.core.process.after import Raising, Recurrence
from daemon.core.process.composing import Source
from daemon.core.process.describing import described
from daemon.core.process.drawing import mermaid
from daemon.core.process.language import (
    GRADES,
    LEDGER,
    OPENING,
    RECEIPT,
    REPORTER,
    Choice,
    Defined,
    ExtraFact,
    Followup,
    Paper,
    Process,
    Rung,
    Step,
    Tell,
    grade_of,
)
from daemon.core.process.letter import Letter
from daemon.core.process.loading import (
    BadProfile,
    Fault,
    fingerprint,
    load_pinned,
    load_process,
    load_sources,
    pinned,
    source,
    sources_of,
)
from daemon.core.process.numbering import Numbering
from daemon.core.process.parts import When, holds, met
from daemon.core.process.words import FALLBACKS, Words, in_language

__all__ = [
    "FALLBACKS",
    "GRADES",
    "LEDGER",
    "OPENING",
    "RECEIPT",
    "REPORTER",
    "BadProfile",
    "Choice",
    "Defined",
    "ExtraFact",
    "Fault",
    "Followup",
    "Letter",
    "Numbering",
    "Paper",
    "Process",
    "Raising",
    "Recurrence",
    "Rung",
    "Source",
    "Step",
    "Tell",
    "When",
    "Words",
    "described",
    "fingerprint",
    "grade_of",
    "holds",
    "in_language",
    "load_pinned",
    "load_process",
    "load_sources",
    "mermaid",
    "met",
    "pinned",
    "source",
    "sources_of",
]
