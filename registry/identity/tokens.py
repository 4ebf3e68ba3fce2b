"""Tokens for sessions and links: 256 random bits to their holder, only a hash in the database."""

import hashlib
import secrets


def new_token() -> str:
    """A fresh token, safe in cookies and addresses."""
    return secrets.token_urlsafe(32)


def hash_of(token: str) -> str:
    """What the database keeps of a token (SHA-256 suffices for 256 random bits)."""
    return hashlib.sha256(token.encode()).hexdigest()
