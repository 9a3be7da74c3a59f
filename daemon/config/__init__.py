"""config.toml: frozen settings, with every fault listed at once and its line.  Reads the file, opens nothing else."""

from daemon.config.faults import BadConfig, NoPassword, text_of
from daemon.config.parts import (
    Calendar,
    CustomerEntry,
    Ledger,
    Limits,
    MailIn,
    MailOut,
    OAuth,
    Service,
    Summary,
    Watch,
)
from daemon.config.people import DepartmentEntry, People, PersonEntry, directory_of, load_directory
from daemon.config.whole import Config, load_config, named_settings_of, settings_of

__all__ = [
    "BadConfig",
    "Calendar",
    "Config",
    "CustomerEntry",
    "DepartmentEntry",
    "Ledger",
    "Limits",
    "MailIn",
    "MailOut",
    "NoPassword",
    "OAuth",
    "People",
    "PersonEntry",
    "Service",
    "Summary",
    "Watch",
    "directory_of",
    "load_config",
    "load_directory",
    "named_settings_of",
    "settings_of",
    "text_of",
]
