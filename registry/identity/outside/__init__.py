"""Signing in by an identity provider outside the register (OpenID Connect Core 1.0, authorisation code flow)."""
