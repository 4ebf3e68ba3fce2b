"""walls between councils

On PostgreSQL every row answers only to whoever says where they stand: `app.council_id` for a council's own rows,
`app.reach` for what belongs to the installation. Tables' owners pass; the role of the application owns none.
"""

from alembic import op

revision = "0011"
down_revision = "0009"
branch_labels = None
depends_on = None

OF_COUNCILS = (
    "account_requests", "accounts", "audit_findings", "break_glass", "check_outs", "closure_steps", "closures",
    "courses", "credentials", "device_losses", "editorships", "exposures", "flags", "former_names", "import_batches",
    "key_rotations", "look_requests", "observations", "policies", "policy_versions", "recovery_codes_taken",
    "recovery_details", "request_decisions", "reveal_days", "reveal_grants", "review_actions", "review_answers",
    "rotation_ticks", "rotations", "secret_versions", "security_reviews", "service_areas", "sign_offs",
    "training_records",
)  # fmt: skip
SHARED = ("council_keys", "employments", "factor_resets", "outbox_messages", "role_grants")
CHAINS = ("audit_checkpoints", "audit_entries", "audit_heads", "audit_sealed")
OF_PEOPLE = (
    "factors", "forms_sent", "half_sign_ins", "known_devices", "outside_identities", "password_links", "person_keys",
    "recovery_codes", "sign_in_sessions",
)  # fmt: skip
OF_INSTALLATION = (
    "attempts", "installation", "job_runs", "outside_answers", "recovery_sets", "recovery_shares", "recovery_wraps",
    "root_keys",
)  # fmt: skip

FUNCTIONS = (
    "CREATE FUNCTION app_council() RETURNS integer LANGUAGE sql STABLE AS "
    "$$ SELECT nullif(current_setting('app.council_id', true), '')::integer $$",
    "CREATE FUNCTION app_reach() RETURNS text LANGUAGE sql STABLE AS "
    "$$ SELECT coalesce(current_setting('app.reach', true), '') $$",
)
HERE = "(SELECT app_council())"
FAR = "(SELECT app_reach()) IN ('installation', 'keeper')"
COLLEAGUE = "EXISTS (SELECT 1 FROM employments e WHERE e.person_id = {})"
ANYWHERE = f"({HERE} IS NOT NULL OR {FAR})"


def upgrade() -> None:
    """Put up the walls. SQLite knows no such thing: there the sessions alone keep councils apart."""
    if op.get_bind().dialect.name == "sqlite":
        return
    for function in FUNCTIONS:
        op.execute(function)
    for table in OF_COUNCILS:
        _wall(table, "its_council", f"council_id = {HERE}")
        _wall(table, "keeper", "(SELECT app_reach()) = 'keeper'", "SELECT")
    for table in SHARED:
        _wall(table, "its_council", f"council_id = {HERE}")
        _wall(table, "installation", FAR)
    for table in CHAINS:
        _wall(table, "its_council", f"chain = {HERE}")
        _wall(table, "installation", FAR)
    for table in OF_PEOPLE:
        _wall(table, "colleagues", COLLEAGUE.format(f"{table}.person_id"))
        _wall(table, "installation", FAR)
    _wall("people", "colleagues", COLLEAGUE.format("people.id"))
    _wall("people", "installation", FAR)
    _wall("councils", "itself", f"id = {HERE}")
    _wall("councils", "installation", FAR)
    for table in OF_INSTALLATION:
        _wall(table, "whoever_stands_somewhere", ANYWHERE)
    # whoever serves may not VACUUM what it does not own; destroyed keys are cleared away as soon as the server looks
    for table in ("secret_versions", "council_keys", "root_keys", "recovery_shares"):
        op.execute(f"ALTER TABLE {table} SET (autovacuum_vacuum_threshold = 1, autovacuum_vacuum_scale_factor = 0)")


def _wall(table: str, name: str, condition: str, does: str = "ALL") -> None:
    checked = "" if does == "SELECT" else f" WITH CHECK ({condition})"
    op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
    op.execute(f"CREATE POLICY {name} ON {table} FOR {does} USING ({condition}){checked}")


def downgrade() -> None:
    """Migrations only go forward; a backup is the way back."""
    raise NotImplementedError("migrations only go forward; restore the backup instead")
