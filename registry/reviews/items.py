"""What a security review asks, whatever the platform (004 §6.5 made concrete). Data only."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Item:
    """One line of a review: the question, why it matters, and how to look it up.

    `key` is kept with every answer and never changes its meaning. An empty `applies_to` is every
    platform. `clause` is the policy's sentence behind the question.
    """

    key: str
    question: str
    why: str
    how: str
    clause: str = "004 §6.5"
    applies_to: tuple[str, ...] = ()


COMMON: tuple[Item, ...] = (
    Item(
        "mailbox",
        "Is the sign-in address a shared mailbox of the council that somebody reads?",
        "Whoever has the mailbox can take the account, and the platform's warnings go there.",
        "Account settings, e-mail address. It names no person and ends in the council's domain.",
    ),
    Item(
        "mailbox_protected",
        "Is that mailbox protected by two-step sign-in, with no forwarding nobody ordered?",
        "A take-over nearly always begins in the mailbox; a hidden forwarding rule ends it unseen.",
        "Ask IT for the mailbox's sign-in policy, its rules and its forwarding.",
    ),
    Item(
        "two_step",
        "Is two-step sign-in on?",
        "One guessed or stolen password is otherwise enough. If it is off, it stays off.",
        "Security settings, two-step or two-factor sign-in. Note the day if it had to be off.",
    ),
    Item(
        "two_step_method",
        "Does it use a security key or a code app, and nobody's own telephone?",
        "Text messages can be stolen by moving a number; a person's own phone leaves with them.",
        "Security settings, method. The code's seed is in custody, so that editors ask for codes.",
    ),
    Item(
        "recovery_codes",
        "Are the recovery codes in custody, complete and unused?",
        "They are the way back when the device is lost, and some platforms void them silently.",
        "Compare the number shown by the platform with the number in custody.",
    ),
    Item(
        "password_unique",
        "Is the password long and used nowhere else?",
        "Passwords leaked by one service are tried on every other.",
        "It comes from the register's generator, or has 12 characters or more and no warning.",
    ),
    Item(
        "password_changed",
        "Was the password changed after the last person who knew it left?",
        "Knowing it is having it: a leaver who saw it can still sign in.",
        "The account's custody page shows who has seen the present version.",
    ),
    Item(
        "people_match",
        "Are the people with access on the platform exactly the editors named here?",
        "Access without naming, training and signature is access the policy does not allow.",
        "Copy the list of people and roles from the platform and compare it with the People tab.",
        "002 §19.2",
    ),
    Item(
        "two_admins",
        "Do at least two people have full control, and as few more as possible?",
        "With one, an illness locks the council out; with many, nobody notices one too many.",
        "The platform's list of roles. Everybody else has the least role that does the work.",
        "002 §19.2",
    ),
    Item(
        "no_leavers",
        "Are former staff, past agencies, unused sign-ins and private addresses gone?",
        "These are the doors nobody watches. Ninety days without use is unused.",
        "Look at each person's employer, address and last activity.",
        "002 §19.2",
    ),
    Item(
        "sessions",
        "Can every open session and device be explained?",
        "A phone that was given back or lost may still be signed in.",
        "Security settings, sessions, devices or where you are signed in. End what is not known.",
    ),
    Item(
        "apps",
        "Is every connected app and scheduling tool approved and still used?",
        "An app may post without any password, and keeps that right until it is taken away.",
        "Settings, connected apps or app permissions. Remove what nobody can name a use for.",
    ),
    Item(
        "recovery_routes",
        "Are the recovery address and telephone number the council's, and is it known whose?",
        "They let their owner set a new password without asking anyone.",
        "Security or contact settings. Compare with the recovery details in custody.",
    ),
    Item(
        "profile",
        "Does the profile say whose it is, when it is watched, its rules and where to go in need?",
        "Users must be able to tell a page of the council from a personal one.",
        "Council's name, official web address, hours, house rules, not for emergencies, and the "
        "notice in an election period.",
        "002 §12.1",
    ),
    Item(
        "links",
        "Does the council's website link to it, and does it link back?",
        "It is the proof of being genuine that anyone can check.",
        "Follow both links. The handle on the website is spelled as it is now.",
        "002 §12.1",
    ),
    Item(
        "comments",
        "Are the comment settings and word filters as the council wants them?",
        "The moderator must be able to act, and criticism must be able to stand.",
        "Comment, moderation or filter settings. Look through what the filter has hidden.",
        "004 §6.1",
    ),
    Item(
        "privacy",
        "Are the settings for messages, tagging, location and visibility right?",
        "Platforms change them, and a new setting usually starts as open as it can be.",
        "Privacy settings, page by page. Posts carry no location of a person.",
    ),
    Item(
        "adverts",
        "Are advertising accounts, payment cards and the adverts shown there in order?",
        "A stolen card is spent quickly, and adverts beside the council's words speak for it.",
        "Advertising settings and payment methods; then look at the page signed out.",
        "002 §12.10",
    ),
    Item(
        "audience",
        "Do the age and audience settings fit the people it is for?",
        "Platforms have minimum ages, and sites for young people must be suitable for them.",
        "Audience or age settings; compare with the audience in the register.",
        "002 §12.8, §12.9",
    ),
    Item(
        "terms",
        "Have the platform's terms been read since they last changed?",
        "What is uploaded is uploaded on those terms.",
        "The date at the top of the terms. Note what is new for councils.",
        "002 §12.11",
    ),
    Item(
        "badge",
        "If it has a verified badge, is it known how it was got and who pays?",
        "A badge can be bought or lost. It is a help, never the proof.",
        "The profile, and the subscription or verification settings.",
        "002 §12.1",
    ),
    Item(
        "devices",
        "Are the devices that are used for posting managed by the council?",
        "An unlocked or outdated phone gives away every account on it.",
        "Ask each editor. Screen lock, updates, and a way to wipe a lost one.",
    ),
    Item(
        "following",
        "Are the accounts it follows, and its friends, still fitting?",
        "Following looks like approval, and old partners' accounts change hands.",
        "Go through the list. Note what was unfollowed and why.",
        "002 §12.4",
    ),
    Item(
        "help_contacts",
        "Do the platform's report form and the council's emergency contacts still work?",
        "In a take-over the first hour counts, and nobody finds them then.",
        "Open the form for compromised accounts; ring the number on the card.",
        "004 §6.1",
    ),
)
