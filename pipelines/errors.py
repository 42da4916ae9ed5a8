"""What can go wrong, for people: what, where (file, sheet, line, column; never a value), what to do next."""

from dataclasses import dataclass


class RegistryError(Exception):
    """The root of our errors. `exit_code` is what the command line returns: 2, refused."""

    exit_code = 2

    def __init__(self, what: str, *, where: str = "", remedy: str = "") -> None:
        self.what, self.where, self.remedy = what, where, remedy
        super().__init__(" ".join(part for part in (f"{where}:" if where else "", what, remedy) if part))


class ConfigError(RegistryError):
    """A configuration file is wrong; every mistake found in it is in the message."""


class SecretError(RegistryError):
    """The pseudonym key is missing, unsafe or not the one this registry was built with."""


class IntakeError(RegistryError):
    """Nothing of the inbox could be used."""


class AccountError(RegistryError):
    """Rows in and rows out of a step do not close: nothing is published."""


class AuditError(RegistryError):
    """The new warehouse failed its audit: the previous snapshot stays published."""


class WarehouseError(RegistryError):
    """The warehouse cannot be reached or written."""


class LedgerError(RegistryError):
    """The ledger cannot be read or says something impossible."""


class ServeError(RegistryError):
    """The local page cannot be served."""


class WorkerError(RegistryError):
    """No worker process can be started: no file is to blame."""


class EngineError(RegistryError):
    """The linkage engine that was asked for is not installed, does not start or broke off."""


class RefusalCode:
    """Why a file was refused. The codes are stable: they are shown to centres and counted over years."""

    EMPTY_FILE = "empty_file"
    HEADER_ONLY = "header_only"
    TRUNCATED = "truncated_workbook"
    NOT_THIS_FORMAT = "not_the_declared_format"
    UNREADABLE_TEXT = "unreadable_text"
    UNKNOWN_CENTRE = "unknown_centre"
    UNKNOWN_FILE = "unknown_file"
    MISSING_FILE = "missing_file"
    UNSTABLE = "unstable_file"
    MISSING_SHEET = "missing_sheet"
    MISSING_HEADER = "missing_header"
    MISSING_KEY_COLUMN = "missing_key_column"
    DUPLICATE_COLUMN = "duplicate_column"
    CRASHED = "parser_crashed"
    OVER_LIMIT = "over_limit"
    TOO_SLOW = "reading_too_slow"
    OUT_OF_MEMORY = "reading_too_large"
    UNSAFE_PATH = "unsafe_path_in_archive"
    BOMB = "decompression_bomb"
    ENTITIES = "xml_entities"
    EXTERNAL_LINKS = "external_links"
    MACROS = "macros"
    PASSWORD = "password_protected"  # noqa: S105 - a code, not a password
    UNKNOWN_KIND = "unknown_kind"
    TRUNCATED_ARCHIVE = "truncated_archive"
    NO_TABLE = "no_table"


@dataclass(frozen=True)
class Refusal:
    """A file that was refused: code, centre (if known), file, reason and remedy in French and English."""

    code: str
    file: str
    centre_id: str | None
    reason_fr: str
    reason_en: str
    remedy_fr: str
    remedy_en: str


class FileRefused(RegistryError):
    """Raised by a reader for a file that cannot be taken; the flow records it and goes on with the others."""

    def __init__(self, refusal: Refusal) -> None:
        self.refusal = refusal
        super().__init__(refusal.reason_en, where=refusal.file, remedy=refusal.remedy_en)
