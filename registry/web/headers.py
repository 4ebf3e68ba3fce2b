"""What every answer tells the browser about trust: a strict policy and no keeping of signed-in pages."""

from flask import Flask, Response, request

from registry.core.failpoint import reached
from registry.core.settings import Settings

TEMPLATE_SCRIPT_HASH = "sha256-GUQ5ad8JK5KmEWmROf3LZd9ge94daqNvd8xy9YS1iDw="
"""The one inline script of the GOV.UK page template; a test hashes the installed one."""

POLICY = "; ".join(
    (
        "default-src 'none'",
        "object-src 'none'",
        f"script-src 'self' '{TEMPLATE_SCRIPT_HASH}'",
        "style-src 'self'",
        "img-src 'self'",
        "font-src 'self'",
        "connect-src 'self'",
        "manifest-src 'self'",
        "form-action 'self'",
        "frame-ancestors 'none'",
        "base-uri 'none'",
    )
)


def init_app(app: Flask, settings: Settings) -> None:
    """Put the headers on every answer."""

    @app.after_request
    def add_headers(response: Response) -> Response:
        head = response.headers
        head["Content-Security-Policy"] = POLICY
        head["X-Content-Type-Options"] = "nosniff"
        head["Referrer-Policy"] = "same-origin"  # forms by https must say whence they come, and only to us
        head["Cross-Origin-Opener-Policy"] = "same-origin"
        head["Cross-Origin-Resource-Policy"] = "same-origin"
        head["Permissions-Policy"] = "camera=(), geolocation=(), microphone=(), payment=(), usb=()"
        if settings.is_secure:
            head["Strict-Transport-Security"] = "max-age=31536000; includeSubDomains"
        if request.endpoint != "static" and "Cache-Control" not in head:
            head["Cache-Control"] = "no-store"
        reached("before_response")
        return response
