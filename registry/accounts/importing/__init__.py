"""Taking over the spreadsheet a council has today: columns mapped, every cell judged, all or nothing."""

from registry.accounts.importing.check import check, gaps
from registry.accounts.importing.fields import BY_KEY, FIELDS, guess, template_rows
from registry.accounts.importing.preview import Known, Line, Plan, Preview, Problem

__all__ = ["BY_KEY", "FIELDS", "Known", "Line", "Plan", "Preview", "Problem", "check", "gaps", "guess", "template_rows"]
