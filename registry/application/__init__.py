"""The top of the house: the one place that knows all the rooms."""

import os
from importlib import import_module
from pathlib import Path

from flask import Flask
from flask_wtf.csrf import CSRFProtect
from jinja2 import ChoiceLoader, FileSystemLoader, PackageLoader, PrefixLoader
from werkzeug.middleware.proxy_fix import ProxyFix

from registry.accounts import wording
from registry.application import entrance, shell
from registry.audit.appending import Trail
from registry.audit.keys import TrailKeys
from registry.core import disk, migrations
from registry.core.authkey import AuthKey
from registry.core.clock import Clock, SystemClock
from registry.core.database import Database
from registry.core.house import House
from registry.core.settings import Settings
from registry.identity.outside.knowledge import Knowledge
from registry.identity.passwords import Passwords
from registry.identity.views.guessing import CHALLENGES
from registry.rotations.actions import watch
from registry.throttle.looks import Looks
from registry.vocabulary.events import Event
from registry.web import errors, filters, guard, headers, journal, once, origin
from registry.web.arguments import RowNumber
from registry.web.asked import Asked

TOP = Path(__file__).resolve().parent.parent.parent

ROOMS = (
    "identity", "councils", "audit", "outbox", "accounts", "training", "policies", "editors", "requests", "custody",
    "reviews", "activity", "rotations", "launch", "closures", "leavers", "flags", "register", "home", "public",
    "upkeep", "jobs",
)  # fmt: skip

EXAMINED = ("upkeep", "jobs")
"""Rooms that declare what the doctor and the invariants look at."""


def create_app(settings: Settings, clock: Clock | None = None, passwords: Passwords | None = None) -> Flask:
    """Build the application for these settings; refuses a database it cannot reach or that is not up to date."""
    house = make_house(settings, clock)
    disk.refuse_remote(house.database)
    migrations.assert_current(house.database)
    app = Flask("registry", template_folder=str(TOP / "templates"), static_folder=str(TOP / "static"))
    app.url_map.converters["int"] = RowNumber
    app.extensions["house"] = house
    app.extensions["passwords"] = passwords or Passwords()
    app.extensions["looks"] = Looks()
    app.extensions["challenges"] = Looks(most=CHALLENGES)
    app.extensions["providers"] = Knowledge()
    _configure(app, settings)
    CSRFProtect(app)
    for module in (errors, journal, filters, wording, shell):
        module.init_app(app)
    headers.init_app(app, settings)
    once.init_app(app)
    origin.init_app(app)
    entrance.init_app(app)
    for room in ROOMS:
        app.register_blueprint(import_module(f"registry.{room}.views").room)
    for room in EXAMINED:
        import_module(f"registry.{room}.checks")
    guard.public(app.view_functions["static"])
    guard.assert_marked(app)
    return app


def settings_folder() -> Path:
    """The folder of this installation's settings, keys and database: `instance/`, or what REGISTER_INSTANCE names."""
    return Path(os.environ.get("REGISTER_INSTANCE") or TOP / "instance").resolve()


def make_house(settings: Settings, clock: Clock | None = None) -> House:
    """The means by which commands, jobs and views all work."""
    auth_key = AuthKey(settings.auth_key_file)
    return House(
        settings=settings,
        clock=clock or SystemClock(),
        database=Database(settings.database_url),
        sinks=(watch, Trail(TrailKeys(auth_key, settings))),
        refusal=Event.REFUSED,
        auth_key=auth_key,
    )


def _configure(app: Flask, settings: Settings) -> None:
    app.request_class = Asked
    app.config.update(
        SECRET_KEY=settings.secret_key,
        SESSION_COOKIE_NAME="__Host-register" if settings.is_secure else "register",
        SESSION_COOKIE_SECURE=settings.is_secure,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        REMEMBER_COOKIE_DURATION=0,
        MAX_CONTENT_LENGTH=6 * 1024 * 1024,
        MAX_FORM_MEMORY_SIZE=2 * 1024 * 1024,
        PROVIDE_AUTOMATIC_OPTIONS=False,
        WTF_CSRF_TIME_LIMIT=None,  # the token lives as long as its session
        TEMPLATES_AUTO_RELOAD=settings.debug,
    )
    if settings.hosts:
        app.config["TRUSTED_HOSTS"] = settings.hosts
    if settings.proxies:
        # the host is the one in `Host`, which proxies pass: what else they were told of it, anybody may have told them
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=settings.proxies, x_proto=settings.proxies, x_host=0)  # type: ignore[method-assign]
    app.jinja_options = {"autoescape": True, "trim_blocks": True, "lstrip_blocks": True}
    app.jinja_env.loader = ChoiceLoader(
        [
            FileSystemLoader(TOP / "templates"),
            PrefixLoader({"govuk_frontend_jinja": PackageLoader("govuk_frontend_jinja")}),
        ]
    )
