"""How Alembic meets the models. Run it through `flask --app app db`, which hands over the connection."""

from alembic import context

from registry.core import migrations
from registry.core.database import Base, UtcDateTime
from registry.core.failpoint import reached

migrations.import_models()


def render_item(kind: str, thing: object, _context: object) -> str | bool:
    """Write our moment type as what it is in the database, so that migrations need no import of ours."""
    return "sa.DateTime(timezone=True)" if kind == "type" and isinstance(thing, UtcDateTime) else False


connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=Base.metadata,
    render_as_batch=connection.dialect.name == "sqlite",
    compare_type=True,
    render_item=render_item,
    transaction_per_migration=True,
    on_version_apply=lambda **_: reached("mid_migration"),
)
with context.begin_transaction():
    context.run_migrations()
