"""What is done to the register: entering, changing and renaming accounts, service areas, and importing."""

from registry.accounts.actions.adding import add_account
from registry.accounts.actions.areas import add_area, change_area, end_area, reopen_area
from registry.accounts.actions.changing import change_account, rename_account
from registry.accounts.actions.imports import apply_batch, discard_batch, import_accounts, map_batch, upload

__all__ = [
    "add_account",
    "add_area",
    "apply_batch",
    "change_account",
    "change_area",
    "discard_batch",
    "end_area",
    "import_accounts",
    "map_batch",
    "rename_account",
    "reopen_area",
    "upload",
]
