"""Telling a decider whose page is out of date what happened since it was opened."""

from registry.core.errors import Conflict
from registry.core.work import Work
from registry.councils.models import Council
from registry.identity.queries import names_of
from registry.requests.models import AccountRequest, Answer, Decision, RequestState
from registry.requests.queries import list_decisions
from registry.requests.seen import Seen

DID = {
    Answer.AGREE: "agreed to",
    Answer.AGREE_WITH_CONDITIONS: "agreed to",
    Answer.RETURN: "returned",
    Answer.REFUSE: "refused",
}
WORDS = {
    Answer.AGREE: "Agree",
    Answer.AGREE_WITH_CONDITIONS: "Agree with conditions",
    Answer.RETURN: "Return with comments",
    Answer.REFUSE: "Refuse",
}


def refuse_unseen(work: Work, council: Council, request: AccountRequest, seen: Seen, yours: tuple[Answer, str]) -> None:
    """Refuse a decision on anything but the version and the step that was seen, and say what happened since."""
    now = Seen.of(request)
    is_waiting = request.state is RequestState.SUBMITTED
    if is_waiting and seen.is_same_content(now) and seen.step == now.step:
        return
    if request.state is RequestState.WITHDRAWN:
        raise Conflict("The person who asked has withdrawn this request.")
    if is_waiting and not seen.is_same_content(now):
        raise Conflict(_changed(seen.changed_since(now)))
    raise _decided(work, council, list_decisions(work.session, request)[-1], yours)


def _changed(parts: list[str]) -> str:
    what = f"It now differs in: {', '.join(parts)}." if parts else "It was submitted again as it was."
    return f"This request was submitted anew after you opened it. {what}"


def _decided(work: Work, council: Council, theirs: Decision, yours: tuple[Answer, str]) -> Conflict:
    name = names_of(work.session, [theirs.decider_id]).get(theirs.decider_id, "Somebody")
    return Conflict(
        f"{name} {DID[theirs.answer]} this request as {council.title(theirs.role)} before you did.",
        yours=(("Decision", WORDS[yours[0]]), ("In words", yours[1])),
        theirs=(("Decision", WORDS[theirs.answer]), ("In words", theirs.conditions or theirs.reason)),
    )
