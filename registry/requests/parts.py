"""What the policies ask of somebody who wants an account, as six short tasks: the form as data."""

from registry.requests.questions import Answers, Kind, Option, Part, Question

YES, NO = Option("yes", "Yes"), Option("no", "No")

WHERE = Part(
    "where",
    "What and where",
    "Which account you want, and which team answers for it.",
    "002 §16.2, §19.1",
    (
        Question(
            "platform",
            "Platform",
            "Platform",
            Kind.PLATFORM,
            "Choose the platform",
            "Each new platform is decided case by case.",
        ),
        Question(
            "handle",
            "Proposed handle or address",
            "Handle",
            Kind.LINE,
            "Enter the handle you would like",
            "For example @ExampleWaste, or the address the account would have. Nobody needs to have made it yet.",
            most=300,
        ),
        Question(
            "name",
            "Name shown on the page",
            "Name",
            Kind.LINE,
            "Enter the name that people will see",
            "For example, Example Council Waste and Recycling.",
            most=120,
        ),
        Question(
            "service_area_id",
            "Service area",
            "Service area",
            Kind.AREA,
            "Choose the service area that will answer for it",
            "It is responsible for what is said there and for proper use.",
        ),
        Question(
            "language",
            "Language",
            "Language",
            Kind.CHOICE,
            "Choose the language",
            options=(
                Option("English", "English"),
                Option("Welsh", "Welsh"),
                Option("English and Welsh", "English and Welsh"),
                Option("Other", "Another language"),
            ),
        ),
    ),
)

WHY = Part(
    "why",
    "Why it is needed",
    "The case for one more account.",
    "002 §12.2, §16.1; 003",
    (
        Question("purpose", "What is the account for?", "Purpose", Kind.LONG, "Say what the account is for"),
        Question(
            "why_not_corporate",
            "Why is the council’s main account not enough?",
            "Why not the main account",
            Kind.LONG,
            "Say why the main account is not enough",
            "The main account already reaches everybody who follows the council.",
        ),
        Question(
            "benchmarks",
            "How will you tell that it works?",
            "Benchmarks",
            Kind.LONG,
            "Say how you will tell that it works",
            "For example: 300 followers in a year, fewer calls about missed bins.",
        ),
    ),
)

AUDIENCE = Part(
    "audience",
    "Who it is for",
    "Sites meant for young people must suit them, and platforms set a lowest age.",
    "002 §12.8, §12.9; 003",
    (
        Question("audience", "Who is the audience?", "Audience", Kind.LONG, "Say who the audience is"),
        Question(
            "for_children",
            "Will you address children or young people under 18?",
            "Under-18s addressed",
            Kind.CHOICE,
            "Say whether you will address under-18s",
            options=(YES, NO),
        ),
        Question(
            "safeguarding",
            "How will you keep them safe?",
            "Safeguarding",
            Kind.LONG,
            "Say how you will keep young people safe",
            "Who was consulted, how messages from children are answered, who consents to pictures.",
            only_if=("for_children", "yes"),
        ),
    ),
)

ENGAGEMENT = (
    Option("publish", "Publish only", "Messages and comments are switched off or not answered; the page says so."),
    Option("answer", "Answer questions in working hours", "Somebody looks every working day."),
    Option(
        "converse",
        "Take part in conversation",
        "Somebody looks several times a day; who covers evenings is settled.",
    ),
)
LIFE = (
    Option("open", "No end is planned"),
    Option("trial", "A trial", "Management decides at its end whether the account goes on."),
    Option("planned", "Until a day that is known now", "For example, for a project or an election."),
)

RUN = Part(
    "run",
    "How it will be run",
    "Agreed before the account opens, so that it is never left to itself.",
    "002 §12.3, §12.5, §17.8; 004 §6.1",
    (
        Question(
            "engagement",
            "How far will you engage?",
            "Engagement",
            Kind.CHOICE,
            "Choose how far you will engage",
            options=ENGAGEMENT,
        ),
        Question(
            "cadence_days",
            "How many days at most between posts?",
            "Days between posts",
            Kind.NUMBER,
            "Enter a number of days",
            "If nobody posts for longer, the register reminds the editors.",
            most=365,
        ),
        Question(
            "resources",
            "What time and means will it take?",
            "Resources",
            Kind.LONG,
            "Say what it will take",
            "Hours a week, cover for leave and sickness, equipment, money.",
        ),
        Question(
            "life", "How long will it live?", "Planned life", Kind.CHOICE, "Choose how long it will live", options=LIFE
        ),
        Question(
            "trial_ends_on",
            "Last day of the trial",
            "Trial ends",
            Kind.DAY,
            "Enter the last day of the trial",
            only_if=("life", "trial"),
        ),
        Question(
            "planned_end_on",
            "Planned last day",
            "Planned end",
            Kind.DAY,
            "Enter the planned last day",
            only_if=("life", "planned"),
        ),
        Question(
            "exit_plan",
            "What happens when it is no longer needed?",
            "Exit plan",
            Kind.LONG,
            "Say what happens when it is no longer needed",
            "How followers are told, whether it is closed, mothballed or handed over to others.",
        ),
        Question(
            "monitoring", "Who watches it, and how often?", "Monitoring", Kind.LONG, "Say who watches it, and how often"
        ),
        Question(
            "moderation",
            "How will comments be moderated?",
            "Moderation",
            Kind.LONG,
            "Say how comments will be moderated",
            "Who removes what, and where the evidence is kept.",
        ),
    ),
)

WHO = Part(
    "who",
    "Who will run it",
    "Ideally two editors. Each must be trained and have signed the policy before they see the password.",
    "002 §19.2",
    (
        Question("editor_one", "First editor", "First editor", Kind.PERSON, "Choose the first editor"),
        Question(
            "editor_two", "Second editor", "Second editor", Kind.PERSON, hint="Leave empty only if there is nobody."
        ),
        Question(
            "responsible_id",
            "Who answers for the account?",
            "Answers for it",
            Kind.PERSON,
            hint="Reminders go to them. Leave empty for the manager of the service area.",
        ),
        Question(
            "login_mailbox",
            "Mailbox the account will be signed in with",
            "Sign-in mailbox",
            Kind.EMAIL,
            "Enter the mailbox the account will be signed in with",
            "A mailbox of the council, never somebody’s own. Password resets go there.",
            most=254,
        ),
        Question(
            "mailbox_is_ours",
            "It is a council address, and more than one person can open it",
            "Council mailbox",
            Kind.TICK,
            "Confirm that it is a council address that more than one person can open",
        ),
    ),
)

RISK = (
    Option("low", "Little", "Few followers, nothing that people rely on."),
    Option("normal", "Some", "People would be misled, and the council embarrassed."),
    Option("high", "A great deal", "Many followers, or warnings that people act on at once."),
)

CHECKS = Part(
    "checks",
    "Checks",
    "What to settle before anything of the council’s goes on somebody else’s site.",
    "002 §12.10, §12.11",
    (
        Question(
            "risk",
            "What harm could somebody do who took the account over?",
            "Harm if taken over",
            Kind.CHOICE,
            "Choose how much harm it could do",
            options=RISK,
        ),
        Question(
            "risks",
            "What else could go wrong, and what will you do about it?",
            "Other risks",
            Kind.LONG,
            hint="For example, personal data in comments.",
        ),
        Question(
            "advertising",
            "How will advertisements around your posts be checked?",
            "Advertising",
            Kind.LONG,
            "Say how advertisements will be checked",
            "The platform may show its own. Say too whether you mean to pay to be seen.",
        ),
        Question(
            "terms_read",
            "I have read the platform’s terms and conditions, and the council can accept them",
            "Terms read",
            Kind.TICK,
            "Confirm that you have read the platform’s terms and conditions",
        ),
    ),
)

PARTS = (WHERE, WHY, AUDIENCE, RUN, WHO, CHECKS)
_BY_KEY = {part.key: part for part in PARTS}


def find_part(key: str) -> Part | None:
    """The part of the form with this key."""
    return _BY_KEY.get(key)


def missing(answers: Answers) -> list[tuple[Part, Question]]:
    """Everything that is still to be answered before the request can be submitted."""
    return [(part, question) for part in PARTS for question in part.missing(answers)]
