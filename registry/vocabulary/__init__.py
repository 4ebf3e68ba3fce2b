"""The house's words: what may be done, by whom, and what can happen."""
