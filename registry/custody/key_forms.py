"""What a person may type about the keys of custody. A passphrase is never sent back to the page."""

from registry.core.secret import Secret
from registry.web.fields import PasswordField
from registry.web.forms import Form


class UnsealForm(Form):
    """The passphrase that opens custody."""

    passphrase = PasswordField(
        "Passphrase",
        required="Enter the passphrase",
        autocomplete="off",
        description="The words on the paper in the Clerk’s safe. Capital letters and spaces do not matter.",
    )

    @property
    def secret(self) -> Secret[str]:
        """What was typed, out of sight."""
        return Secret(str(self["passphrase"].data))
