"""For how long a credential can be checked out."""

HOURS = (1, 2, 4, 8, 24)
USUAL_HOURS = 4
