"""Steps of an ending around its last day: branding, people, credentials, checks. Data only."""

from registry.closures.endings import Phase, Task

# ---- Remove branding and links ------------------------------------------------------------

PRINT = Task(
    "print",
    "Remove it from print, signs and QR codes",
    "Leaflets, letters, posters, vehicles, e-mail footers of partners. What cannot be changed at once gets a date.",
    Phase.UNBRAND,
    False,
    14,
    None,
    "What was changed, and what will be when.",
)
ADVERTS = Task(
    "adverts",
    "Close advertising accounts and stop payments",
    "Include payment cards, fundraisers, shops and links to other pages.",
    Phase.UNBRAND,
    True,
    7,
    None,
    "A picture that shows no open account and no card, or a note that there was none.",
)
LINKS = Task(
    "links",
    "Remove links from the website and e-mail signatures",
    "Search the website and the intranet for the address and the handle. Icons in the footer and "
    "embedded feeds are easily missed.",
    Phase.UNBRAND,
    True,
    0,
    None,
    "The pages that were changed.",
)
CLOSED_PROFILE = Task(
    "closed_profile",
    "Say on the profile that it is closed, and take the logo down",
    "Until a deletion takes effect, and for as long as a locked profile stays, nobody may take it "
    "for a live account of the council (002 §12.12).",
    Phase.UNBRAND,
    True,
    0,
    "Closed since {last_day}. {council}: {instead}",
    "A picture of the profile, taken signed out.",
)
RESTING_PROFILE = Task(
    "resting_profile",
    "Say on the profile that it is not monitored",
    "Put it into the name or the first words of the description, and remove the logo or put a "
    "notice across it. Branded but neglected is what must not happen (002 §12.12).",
    Phase.UNBRAND,
    True,
    0,
    "This account is not monitored. {council}: {instead}",
    "A picture of the profile, taken signed out.",
)
COMMENTS_OFF = Task(
    "comments_off",
    "Turn comments, messages and tagging off",
    "A question that nobody reads is worse than no place to ask it. Where a setting is missing, "
    "set an automatic answer.",
    Phase.UNBRAND,
    True,
    0,
    "This account is not monitored, so nobody will read your message. Please go to {instead}.",
    "A picture of each setting.",
)
COUNCIL_NAME = Task(
    "council_name",
    "Take the council's name, logo, crest and handle off",
    "Name, handle, web address, pictures, description, contact details and any badge. The new "
    "owner may say that the council once ran the page, not that it still does.",
    Phase.UNBRAND,
    True,
    0,
    "This page is run by {successor}. It is not an account of {council}.",
    "A picture of the profile, taken signed out.",
)

# ---- Remove people and apps ---------------------------------------------------------------

APPS = Task(
    "apps",
    "Disconnect apps and scheduling tools",
    "Include website feeds, chat tools, app passwords and linked accounts on other platforms.",
    Phase.REMOVE,
    True,
    2,
    None,
    "A picture of the empty list.",
)
TWO_CUSTODIANS = Task(
    "two_custodians",
    "Reduce people to two custodians",
    "Everybody else loses their role on the platform and their editorship here. Two, so that one may leave.",
    Phase.REMOVE,
    True,
    1,
    None,
    "The two names, and a picture of the list of roles.",
)
OWNERSHIP = Task(
    "ownership",
    "Transfer ownership, then remove everybody of the council",
    "First the owner's role, then every other role. Some platforms make the new owner wait or "
    "accept; do not remove the last person before that has happened.",
    Phase.REMOVE,
    True,
    0,
    None,
    "A picture of the list of roles with nobody of the council in it, from the new owner.",
)
SESSIONS = Task(
    "sessions",
    "Sign out every session and device",
    "Phones of people who posted stay signed in for months otherwise.",
    Phase.REMOVE,
    True,
    0,
    None,
    "A picture of the empty list of sessions.",
)

# ---- Rotate or transfer credentials -------------------------------------------------------

ROTATE = Task(
    "rotate",
    "Change the password and put the new one into custody",
    "Deposit it here as a new version. Everybody who saw the old one no longer can sign in.",
    Phase.CREDENTIALS,
    True,
    0,
    None,
    "The register notices the new version by itself; note who changed it.",
)
TWO_STEP = Task(
    "two_step",
    "Renew two-step sign-in and recovery codes",
    "An account nobody looks at is a favourite to take over. Make new codes and deposit them.",
    Phase.CREDENTIALS,
    True,
    0,
    None,
    "A note that two-step sign-in is on and where its device is.",
)
RECOVERY = Task(
    "recovery",
    "Check the recovery mailbox and telephone",
    "Both must still be the council's next year, whoever leaves. The platform's warnings go there.",
    Phase.CREDENTIALS,
    True,
    0,
    None,
    "The mailbox, and who reads it.",
)
TRANSFER = Task(
    "transfer",
    "Give the credentials over safely and have them changed",
    "Where there is a shared sign-in: set a new password used nowhere else, give it in person or "
    "in two parts, and have the new owner change it before you leave. Then destroy it here.",
    Phase.CREDENTIALS,
    True,
    0,
    None,
    "Who received it, when, and that they changed it.",
)
WITHDRAW = Task(
    "withdraw",
    "Withdraw the council's mailbox, telephone and keys",
    "Otherwise the council could still reset the password, and would still be asked to.",
    Phase.CREDENTIALS,
    True,
    0,
    None,
    "A note from the new owner that only their own details are left.",
)

# ---- Final check --------------------------------------------------------------------------

STRANGER = Task(
    "stranger",
    "Look at it as a stranger would",
    "Signed out, on a phone, and through a search engine. Would a resident understand?",
    Phase.CHECK,
    True,
    0,
    None,
    "A picture, and who looked; better somebody who did none of the other steps.",
)
PUBLIC_ANSWER = Task(
    "public_answer",
    "Check what the public register will say",
    "Read the sentence as it will appear, with the address people should use.",
    Phase.CHECK,
    True,
    0,
    None,
    "Who read it.",
)
LAST_CHANCE = Task(
    "last_chance",
    "Last chance to bring it back",
    "If it was deleted: most platforms restore a profile for about 30 days. Ask once more whether anything was missed.",
    Phase.CHECK,
    False,
    -25,
    None,
    "Who was asked, and the answer.",
)
NAME_WATCH = Task(
    "name_watch",
    "See whether somebody has taken the name",
    "Open the old address. If somebody else is there, report it to the platform and record the "
    "account here as not ours.",
    Phase.CHECK,
    False,
    -31,
    None,
    "What stands at the old address, and the day.",
)
QUARTER = Task(
    "quarter",
    "Look at it after three months, and every three months",
    "Still locked, still saying so, no sign-in that nobody can explain, no messages from the platform unread.",
    Phase.CHECK,
    False,
    -91,
    None,
    "What was looked at, and the day.",
)
DECIDE_AGAIN = Task(
    "decide_again",
    "Decide again, before the year is over",
    "Wake it with a new request, let it rest on with a new day, or close it.",
    Phase.CHECK,
    False,
    -335,
    None,
    "The decision and its minute.",
)
LOOK_BACK = Task(
    "look_back",
    "Look back after 30 days",
    "The council's name is not back, nobody of the council has a role, and people are not asking the council there.",
    Phase.CHECK,
    False,
    -30,
    None,
    "What was looked at, and the day.",
)
