"""What is done with a request: drafting and submitting it, taking it back, and deciding on it."""

from registry.requests.actions.deciding import Ruling, decide
from registry.requests.actions.drafting import ask_again, save_part, start, submit, withdraw

__all__ = ["Ruling", "ask_again", "decide", "save_part", "start", "submit", "withdraw"]
