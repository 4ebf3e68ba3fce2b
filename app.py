"""The entry: `flask --app app …`, and `app:create_app()` for a server."""

from registry.cli import make_app as create_app

__all__ = ["create_app"]
