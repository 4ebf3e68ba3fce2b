"""Steps of an ending that come first: decide, tell followers, keep the records. Data only."""

from registry.closures.endings import Phase, Task

# ---- Decide -------------------------------------------------------------------------------

DECISION = Task(
    "decision",
    "Record the decision",
    "Say who decided, on which day and why. The end of an account is as much a decision of the "
    "council as its beginning.",
    Phase.DECIDE,
    True,
    35,
    None,
    "The minute reference, or the message in which it was decided.",
)
INSTEAD = Task(
    "instead",
    "Choose where followers should go",
    "Name one address that will answer what this account used to answer: another account, a page "
    "of the website, a telephone number.",
    Phase.DECIDE,
    True,
    35,
    None,
    "The address, account or number alone. The public register and the words to copy will show it.",
    asks="Where should people go instead?",
)
HOLDS = Task(
    "holds",
    "Check for legal holds, information requests and open complaints",
    "Ask the legal, information governance and complaints officers. Nothing may be removed while "
    "one of them still needs it.",
    Phase.DECIDE,
    True,
    28,
    None,
    "Who was asked, when, and what they answered.",
)
PARTNERS_TOLD = Task(
    "partners_told",
    "Tell partners and the services that rely on it",
    "Those who share its posts, embed its feed or print its name need time to change.",
    Phase.DECIDE,
    False,
    28,
    "We are writing because you work with our account {account}. Its last day with {council} is "
    "{last_day}. From then on please use {instead}. Questions: {contact}.",
    "The list of those told, and the day.",
)
SCHEDULED = Task(
    "scheduled",
    "Stop scheduled posts, campaigns and adverts",
    "Look in the platform's own planner, in every scheduling tool, and in the advertising account. "
    "A post that appears after the last day undoes the work.",
    Phase.DECIDE,
    True,
    14,
    None,
    "A note that each planner is empty, or a picture of it.",
)
LOCK_OR_DELETE = Task(
    "lock_or_delete",
    "Choose between locking and deleting",
    "Locking is safer: a deleted name can often be taken by anyone after about 30 days. Delete "
    "only where the platform keeps the name, or where keeping it does harm. Read the platform's "
    "rules first: deleting one profile may delete another that is linked to it.",
    Phase.DECIDE,
    True,
    28,
    None,
    "Which of the two, and why.",
)
REVIEW_DAY = Task(
    "review_day",
    "Set the day to look again",
    "A mothballed account is decided on again within 12 months: wake it, keep it resting, or close "
    "it. Until that day it does not count as neglected.",
    Phase.DECIDE,
    True,
    28,
    None,
    "The day, and who will look.",
)
AGREEMENT = Task(
    "agreement",
    "Agree the hand-over in writing",
    "Say what is given, from which day, that the council's name, logo and crest go, that private "
    "messages and personal data are not part of it, and that there is no way back.",
    Phase.DECIDE,
    True,
    35,
    None,
    "The agreement, signed by both.",
)
NEW_OWNER = Task(
    "new_owner",
    "Check who the new owner is",
    "Record the organisation or community, the person who answers for it, and how they were "
    "identified. Ask by a way other than the account itself.",
    Phase.DECIDE,
    True,
    35,
    None,
    "Name of the body, how its representative was identified, and by whom.",
)

# ---- Tell followers -----------------------------------------------------------------------

_FIRST = (
    "tell_first",
    "Post the first notice, four weeks before",
    "Followers need time. Answer what they ask, and note what they will miss.",
)
_SECOND = (
    "tell_second",
    "Post it again, two weeks before",
    "Most followers see only some of the posts.",
)
_LAST = (
    "tell_last",
    "Post the last notice and pin it, two days before",
    "This is what a visitor will find at the top from now on.",
)
_POST_PROOF = "The address of the post, or a picture of it."
_PIN_PROOF = "The address of the pinned post, or a picture of it."

CLOSE_NOTICES = (
    Task(
        *_FIRST,
        Phase.TELL,
        True,
        28,
        "This account will close on {last_day}. After that you will find us at {instead}. "
        "Is there something you would miss? Tell us before then.",
        _POST_PROOF,
    ),
    Task(
        *_SECOND,
        Phase.TELL,
        False,
        14,
        "A reminder: this account closes on {last_day}. Please follow {instead}.",
        _POST_PROOF,
    ),
    Task(
        *_LAST,
        Phase.TELL,
        True,
        2,
        "This account is closed from {last_day} and is not monitored. Please go to {instead}. "
        "Any account that says it carries this one on is not {council}'s.",
        _PIN_PROOF,
    ),
)
MOTHBALL_NOTICES = (
    Task(
        *_FIRST,
        Phase.TELL,
        True,
        28,
        "From {last_day} we will not post here or answer messages for the time being. You will find us at {instead}.",
        _POST_PROOF,
    ),
    Task(
        *_SECOND,
        Phase.TELL,
        False,
        14,
        "A reminder: this account rests from {last_day}. Please follow {instead}.",
        _POST_PROOF,
    ),
    Task(
        *_LAST,
        Phase.TELL,
        True,
        2,
        "This account is not monitored from {last_day}. To reach {council}, go to {instead}.",
        _PIN_PROOF,
    ),
)
HAND_OVER_NOTICES = (
    Task(
        *_FIRST,
        Phase.TELL,
        True,
        28,
        "From {last_day} this page will be run by {successor} and no longer by {council}. For the "
        "council, please follow {instead}. If you do not wish to stay, you can stop following "
        "before then.",
        _POST_PROOF,
    ),
    Task(
        *_SECOND,
        Phase.TELL,
        False,
        14,
        "A reminder: {successor} runs this page from {last_day}. {council} will be at {instead}.",
        _POST_PROOF,
    ),
    Task(
        *_LAST,
        Phase.TELL,
        True,
        2,
        "From {last_day} {successor} runs this page. What is posted here is then no longer said by "
        "{council}, which you will find at {instead}.",
        _PIN_PROOF,
    ),
)

# ---- Keep the records ---------------------------------------------------------------------

ARCHIVE = Task(
    "archive",
    "Export the archive",
    "Ask the platform for its full export; it may take some days. Where there is none, save the "
    "posts as pages. Keep it as long as the retention schedule says.",
    Phase.KEEP,
    True,
    7,
    None,
    "Where the export is kept, its size, and until when.",
)
METRICS = Task(
    "metrics",
    "Keep the figures",
    "Followers, reach and engagement over the account's life: the effectiveness report will want "
    "them, and they are gone once the account is.",
    Phase.KEEP,
    False,
    7,
    None,
    "The file, or the figures themselves.",
)
MESSAGES = Task(
    "messages",
    "Deal with private messages",
    "Answer what is open and pass on what belongs elsewhere. Keep messages with personal data only "
    "where the retention schedule asks for it.",
    Phase.KEEP,
    True,
    7,
    None,
    "How many were answered, kept and deleted.",
)
MESSAGES_STAY = Task(
    "messages",
    "Take private messages and personal data out",
    "People wrote to the council, not to the new owner. Export what must be kept, then delete the "
    "messages, lists of members' answers and stored contacts from the account.",
    Phase.KEEP,
    True,
    2,
    None,
    "A note that nothing is left, and who looked.",
)
MODERATION = Task(
    "moderation",
    "Keep the moderation and block lists",
    "What was removed, who was blocked and why may be asked for later.",
    Phase.KEEP,
    True,
    7,
    None,
    "Where the copy is kept.",
)
PROFILE = Task(
    "profile",
    "Take pictures of the profile",
    "The profile page, its description, pinned post, follower count and settings, as they were.",
    Phase.KEEP,
    True,
    2,
    None,
    "The pictures, with their date.",
)
