"""The question put to a provider, kept by the browser that asked, sealed, until the answer comes."""

import hmac
import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from hashlib import sha256
from typing import Any
from urllib.parse import urlencode

from registry.core.authkey import AuthKey
from registry.core.keyfile import KeyTrouble
from registry.core.providers import Provider
from registry.identity.outside import wire
from registry.identity.outside.knowledge import Said
from registry.identity.outside.troubles import OutsideTrouble, Trouble
from registry.identity.tokens import new_token

SEAL, PLACE = "outside", b"question"
LASTS = timedelta(minutes=10)
LONGEST_ANSWER = 4096


class Aim(StrEnum):
    """What the answer is for."""

    SIGN_IN = "sign in"
    CONNECT = "connect"
    SET_UP = "set up"
    CONFIRM = "confirm"


@dataclass(frozen=True)
class Question:
    """Everything the answer must fit: it is good for one provider, one browser, one aim, once, for ten minutes.

    `session_id`: in which sign-in session it was asked, of a person who connects or confirms. `link`: the token of
    the set-up link. `wanted`: the page to go on to.
    """

    provider: str
    aim: Aim
    state: str
    nonce: str
    verifier: str
    asked_at: float
    wanted: str = ""
    session_id: int = 0
    link: str = ""

    @classmethod
    def new(cls, provider: Provider, aim: Aim, now: datetime, **more: Any) -> "Question":
        """A fresh question with secrets of its own."""
        return cls(provider.key, aim, new_token(), new_token(), new_token(), now.timestamp(), **more)

    @classmethod
    def opened(cls, key: AuthKey, sealed: str) -> "Question | None":
        """The question a browser brings back; None if it is none of ours."""
        try:
            told = json.loads(key.open(SEAL, PLACE, urlsafe_b64decode(sealed.encode())))
        except (KeyTrouble, ValueError):
            return None
        return cls(**told | {"aim": Aim(told["aim"])})

    def sealed(self, key: AuthKey) -> str:
        """The question for the browser to keep: it can neither read nor change it."""
        return urlsafe_b64encode(key.seal(SEAL, PLACE, json.dumps(asdict(self)).encode())).decode()

    def address(self, provider: Provider, said: Said, redirect: str) -> str:
        """Where to send the browser (code flow with PKCE S256, RFC 7636)."""
        challenge = urlsafe_b64encode(sha256(self.verifier.encode()).digest()).rstrip(b"=").decode()
        asked = {
            "response_type": "code",
            "scope": "openid profile email",
            "client_id": provider.client_id,
            "redirect_uri": redirect,
            "state": self.state,
            "nonce": self.nonce,
            "code_challenge": challenge,
            "code_challenge_method": "S256",
        }
        if self.aim is Aim.CONFIRM:
            asked |= {"prompt": "login", "max_age": "0"}
        return said.authorize_at + ("&" if "?" in said.authorize_at else "?") + urlencode(asked)

    def code_of(self, provider: Provider, said: Said, answer: dict[str, str], now: datetime) -> str:
        """The code of an answer to this very question."""
        if self.provider != provider.key or not hmac.compare_digest(
            answer.get("state", "").encode(), self.state.encode()
        ):
            raise OutsideTrouble(Trouble.FORGED)
        if not 0 <= now.timestamp() - self.asked_at <= LASTS.total_seconds():
            raise OutsideTrouble(Trouble.TOO_LATE)
        issuer = answer.get("iss")  # RFC 9207: an answer of another provider is not taken for this one's
        if issuer != provider.issuer and (issuer or said.names_itself):
            raise OutsideTrouble(Trouble.ISSUER)
        if answer.get("error"):
            raise OutsideTrouble(Trouble.DENIED)
        code = answer.get("code", "")
        if not 0 < len(code) <= LONGEST_ANSWER:
            raise OutsideTrouble(Trouble.WRONG_ANSWER)
        return code

    def redeem(self, provider: Provider, said: Said, code: str, redirect: str) -> str:
        """The ID token that the provider gives for the code, to whoever holds our secret and the verifier."""
        form = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": redirect,
            "code_verifier": self.verifier,
        }
        token = wire.post(provider, said.token_at, form, by_header=said.by_header).get("id_token")
        if not isinstance(token, str):
            raise OutsideTrouble(Trouble.WRONG_ANSWER)
        return token
