"""Where to look the common questions up on a platform that has its own place. Data only.

Menus move: begin there, and search the platform's help if it is gone.
"""

from collections.abc import Mapping

_NO_SHARED_SIGN_IN = (
    "There is no password of its own: people come in with their own sign-in. Answer not "
    "applicable, and make sure none is written down anywhere."
)
_OWN_SIGN_INS = "Everybody with a role signs in as themselves: ask each to show the setting."
_META_SECURITY = "Accounts Centre, Password and security"

HINTS: Mapping[str, Mapping[str, str]] = {
    "facebook_page": {
        "mailbox": "The page's contact address and the portfolio's notification address.",
        "two_step": f"{_OWN_SIGN_INS} The portfolio can ask it of everyone.",
        "two_step_method": f"{_META_SECURITY}, Two-factor authentication, person by person.",
        "recovery_codes": "Each person keeps their own. Answer not applicable for the page.",
        "password_unique": _NO_SHARED_SIGN_IN,
        "password_changed": _NO_SHARED_SIGN_IN,
        "people_match": "Page, Settings, Page access; and Business portfolio, Users, People.",
        "no_leavers": "Business portfolio, Users, People: last active, two-factor and address.",
        "sessions": f"{_META_SECURITY}, Where you're logged in, on each person's profile.",
        "apps": "Business portfolio, Apps and Connected apps; page, Settings, Integrations.",
        "comments": "Page, Settings, Followers and public content; Moderation assist.",
    },
    "facebook_group": {
        "two_step": _OWN_SIGN_INS,
        "password_unique": _NO_SHARED_SIGN_IN,
        "password_changed": _NO_SHARED_SIGN_IN,
        "people_match": "Group, Members, Admins and moderators.",
        "comments": "Group, Admin Assist, and the words that raise an alert.",
    },
    "instagram": {
        "two_step": f"{_META_SECURITY}, Two-factor authentication.",
        "recovery_codes": f"{_META_SECURITY}, Two-factor authentication, Backup codes.",
        "sessions": f"{_META_SECURITY}, Where you're logged in.",
        "apps": "Settings, Website permissions, Apps and websites; and the business portfolio.",
        "comments": "Settings, Hidden words; Comments; Limit interactions.",
        "privacy": "Settings: Messages and story replies; Tags and mentions.",
    },
    "threads": {
        "two_step": f"Instagram's: {_META_SECURITY}, Two-factor authentication.",
        "recovery_codes": "Instagram's: see its review.",
        "password_unique": "Instagram's: see its review.",
        "password_changed": "Instagram's: see its review.",
        "comments": "Settings, Privacy: Hidden words, Mentions and who can reply.",
    },
    "x": {
        "mailbox": "Settings, Your account, Account information, Email.",
        "two_step": "Settings, Security and account access, Security, Two-factor authentication.",
        "recovery_codes": "Two-factor authentication, Backup codes. Note the day they were taken.",
        "people_match": "Settings, Security and account access, Delegate.",
        "sessions": "Settings, Security and account access, Apps and sessions, Sessions.",
        "apps": "Settings, Security and account access, Apps and sessions, Connected apps.",
        "privacy": "Settings, Privacy and safety: Direct messages, Audience and tagging, Location.",
        "comments": "Settings, Privacy and safety, Mute and block; who can reply, post by post.",
    },
    "youtube": {
        "mailbox": "The Google account of the primary owner is the council's, not a person's.",
        "two_step": "Google Account, Security, 2-Step Verification, for everyone with access.",
        "recovery_codes": "Google Account, Security, Backup codes, of the owner's account.",
        "people_match": "Studio, Settings, Permissions; and Brand Account permissions.",
        "sessions": "Google Account, Security, Your devices.",
        "apps": "Google Account, Security, Connections to apps and services.",
        "comments": "Studio, Settings, Community: blocked words and held comments.",
        "audience": "Studio, Settings, Channel, Advanced: audience.",
    },
    "linkedin": {
        "two_step": _OWN_SIGN_INS,
        "recovery_codes": "Each person keeps their own. Answer not applicable for the page.",
        "password_unique": _NO_SHARED_SIGN_IN,
        "password_changed": _NO_SHARED_SIGN_IN,
        "people_match": "Page, Admin tools, Manage admins: each kind of admin.",
        "sessions": "Each admin: Settings, Sign in and security, Where you're signed in.",
        "adverts": "Campaign Manager, Account access and Billing.",
    },
    "tiktok": {
        "two_step": "Settings, Security and permissions, 2-step verification.",
        "people_match": "Business Center, Members; and who has the account on a phone.",
        "sessions": "Settings, Security and permissions, Manage devices.",
        "apps": "Settings, Security and permissions, Manage app permissions.",
        "comments": "Settings, Privacy, Comments: filters and keywords.",
        "audience": "Settings, Audience controls.",
    },
    "nextdoor": {
        "two_step": _OWN_SIGN_INS,
        "people_match": "Agency account, Settings, Staff or Team.",
    },
    "whatsapp": {
        "mailbox": "Settings, Account, Two-step verification: its e-mail address.",
        "two_step": "Settings, Account, Two-step verification: the PIN, on each phone.",
        "two_step_method": "The number is the council's and its SIM is kept safe.",
        "recovery_codes": "There are none. The PIN is in custody.",
        "password_unique": "There is no password. The PIN is no birthday and no row of digits.",
        "people_match": "Channel info, Admins.",
        "sessions": "Settings, Linked devices, on the owner's phone.",
    },
    "telegram": {
        "two_step": "Settings, Privacy and security, Two-step verification.",
        "people_match": "Channel, Administrators.",
        "sessions": "Settings, Devices.",
        "apps": "Channel, Administrators: bots; and Settings, Privacy and security, Websites.",
    },
    "bluesky": {
        "two_step": "Settings, Privacy and security, Two-factor authentication (by e-mail).",
        "two_step_method": "It goes to the sign-in mailbox: see that question.",
        "recovery_codes": "There are none for the e-mail code: answer not applicable.",
        "apps": "Settings, Privacy and security, App passwords.",
        "links": "The handle is the council's domain: see the question on it.",
    },
    "mastodon": {
        "two_step": "Preferences, Account, Two-factor authentication.",
        "recovery_codes": "Preferences, Account, Two-factor authentication, recovery codes.",
        "sessions": "Preferences, Account, Account settings: sessions.",
        "apps": "Preferences, Account, Authorised apps.",
        "links": "Profile: the website's link has its tick.",
    },
    "yammer": {
        "mailbox": "People sign in with their Microsoft 365 account: answer not applicable.",
        "two_step": "The Microsoft 365 sign-in policy: ask IT.",
        "password_unique": _NO_SHARED_SIGN_IN,
        "password_changed": _NO_SHARED_SIGN_IN,
    },
    "blog": {
        "two_step": "The administration's users page, and the provider's control panel as well.",
        "people_match": "The administration's users page, and the provider's control panel.",
        "sessions": "The administration's users page, each user's sessions.",
        "apps": "Application passwords, API keys and plug-ins that post elsewhere.",
    },
}
