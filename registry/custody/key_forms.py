"""What a person may type about the keys of custody. A passphrase is never sent back to the page."""

from registry.core.secret import Secret
from registry.custody.forms import SecretArea
from registry.custody.shares import FEWEST_NEEDED, MOST_HOLDERS
from registry.web.fields import Checkboxes, IntegerField, PasswordField
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


class SharesForm(Form):
    """Who is to hold a recovery share, and how many of them suffice."""

    holders = Checkboxes(
        "Who holds a share",
        required="Choose the holders",
        coerce=int,
        description=f"At most {MOST_HOLDERS}, who can be reached when the server is gone.",
    )
    needed = IntegerField(
        "How many of them suffice",
        least=FEWEST_NEEDED,
        most=MOST_HOLDERS,
        required="Say how many suffice",
        description="With fewer than these, nobody learns anything. Two of three is usual for a small council.",
    )


class ShareForm(Form):
    """A share, typed off the paper."""

    share = SecretArea(
        "Your share, as it stands on your paper",
        rows=4,
        required="Type your share",
        description="64 letters and digits. Capitals, spaces and lines do not matter; O is read as 0, I and L as 1.",
    )

    @property
    def secret(self) -> Secret[str]:
        """What was typed, out of sight."""
        return Secret(str(self["share"].data))
