"""A small identity provider that follows the standards, in a process of its own, and misbehaves when told to.

`POST /control` with JSON changes how it behaves from now on; `{}` makes it behave well again. It checks what we send
as strictly as a real one: client, redirect address, PKCE, single use of codes.

    now       the time by its clock            claims    claims to change or (null) leave out
    sign      RS256, PS256, ES256, none,       kid       the key's name in the header (null: none)
              HS256-public, HS256-secret,      deny      the error it answers with instead of a code
              stranger (a key nobody knows),   answer    parameters to change in its answer
              short (a key that is too short)
    token     status, body, delay, to          describe  what to change in its description
"""

import base64
import hashlib
import hmac
import json
import secrets
import sys
import time
import warnings
from typing import Any
from urllib.parse import unquote, urlencode

from flask import Flask, Response, jsonify, redirect, request
from flask.typing import ResponseReturnValue
from joserfc import jwt
from joserfc.jwk import ECKey, RSAKey
from waitress.server import create_server

CLIENT, SECRET = "the-register", "a client secret: with signs/&+ %"

idp = Flask("provider")
keys: dict[str, Any] = {"k1": RSAKey.generate_key(2048), "e1": ECKey.generate_key("P-256")}
stranger = RSAKey.generate_key(2048)
with warnings.catch_warnings(action="ignore"):
    weak = RSAKey.generate_key(1024)
    short = weak.as_dict(private=False) | {"kid": "short", "use": "sig"}
codes: dict[str, dict[str, str]] = {}
told: dict[str, Any] = {}
seen: dict[str, Any] = {"describe": 0, "keys": 0, "asked": {}}


def here() -> str:
    return request.host_url.rstrip("/")


@idp.route("/control", methods=["GET", "POST"])
def control() -> ResponseReturnValue:
    if request.method == "POST":
        told.clear()
        told.update(request.get_json())
        if told.pop("rotate", False):
            keys["k2"] = keys.pop("k1", None) and RSAKey.generate_key(2048)
        elif "k2" in keys:
            keys["k1"] = keys.pop("k2")
        seen.update(describe=0, keys=0)
    return jsonify(seen)


@idp.get("/.well-known/openid-configuration")
def describe() -> ResponseReturnValue:
    seen["describe"] += 1
    said = {
        "issuer": here(),
        "authorization_endpoint": here() + "/authorize",
        "token_endpoint": here() + "/token",
        "jwks_uri": here() + "/keys",
        "response_types_supported": ["code"],
        "subject_types_supported": ["public"],
        "id_token_signing_alg_values_supported": ["RS256"],
        "code_challenge_methods_supported": ["S256"],
    }
    return jsonify(said | told.get("describe", {}))


@idp.get("/keys")
def published() -> ResponseReturnValue:
    seen["keys"] += 1
    listed = [key.as_dict(private=False) | {"kid": kid, "use": "sig"} for kid, key in keys.items()]
    odd = [
        {"kty": "oct", "kid": "odd", "k": "c2VjcmV0"},
        {"kty": "RSA", "kid": "broken"},
        short,
        {"kty": "new"},
        "nonsense",
    ]
    return jsonify(keys=[*odd, *listed])


@idp.get("/no-keys")
def none_published() -> ResponseReturnValue:
    return jsonify(keys=[])


@idp.get("/authorize")
def authorize() -> ResponseReturnValue:
    asked = request.args.to_dict()
    seen["asked"] = asked
    assert asked["client_id"] == CLIENT
    assert asked["response_type"] == "code"
    assert asked["code_challenge_method"] == "S256"
    assert "openid" in asked["scope"].split()
    answer: dict[str, str] = {"state": asked["state"]}
    if told.get("deny"):
        answer["error"] = told["deny"]
    else:
        answer["code"] = secrets.token_hex(8)
        codes[answer["code"]] = asked
    answer |= told.get("answer", {})
    return redirect(asked["redirect_uri"] + "?" + urlencode({k: v for k, v in answer.items() if v is not None}))


@idp.post("/token")
def token() -> ResponseReturnValue:
    wanted = told.get("token", {})
    time.sleep(wanted.get("delay", 0))
    if "to" in wanted:
        return redirect(wanted["to"], 307)
    if "status" in wanted or "body" in wanted:
        return Response(wanted.get("body", "{}"), wanted.get("status", 200), content_type="application/json")
    asked = codes.pop(request.form.get("code", ""), None)  # once, whatever comes of it
    if not is_our_client():
        return jsonify(error="invalid_client"), 401
    if asked is None or not fits(asked):
        return jsonify(error="invalid_grant"), 400
    return jsonify(access_token=secrets.token_hex(8), token_type="Bearer", id_token=signed(asked))


def is_our_client() -> bool:
    given = request.authorization
    if given is not None:
        return (unquote(given.username or ""), unquote(given.password or "")) == (CLIENT, SECRET)
    return (request.form.get("client_id"), request.form.get("client_secret")) == (CLIENT, SECRET)


def fits(asked: dict[str, str]) -> bool:
    proof = hashlib.sha256(request.form["code_verifier"].encode()).digest()
    challenge = base64.urlsafe_b64encode(proof).rstrip(b"=").decode()
    return (
        challenge == asked["code_challenge"]
        and request.form["redirect_uri"] == asked["redirect_uri"]
        and request.form["grant_type"] == "authorization_code"
    )


def signed(asked: dict[str, str]) -> str:
    now = int(told.get("now", time.time()))
    claims: dict[str, Any] = {
        "iss": here(), "aud": CLIENT, "sub": "s-42", "email": "ann@exampleton.example",
        "nonce": asked["nonce"], "iat": now, "exp": now + 300,
    }  # fmt: skip
    if "max_age" in asked:
        claims["auth_time"] = now
    claims |= told.get("claims", {})
    claims = {name: value for name, value in claims.items() if value is not None}
    how = told.get("sign", "RS256")
    name = "e1" if how == "ES256" else next(kid for kid in keys if kid.startswith("k"))
    header = {"kid": told.get("kid", name)} if told.get("kid", name) is not None else {}
    if how == "none":
        return by_hand(header | {"alg": "none"}, claims, b"")
    if how == "HS256-public":
        return by_hand(header | {"alg": "HS256"}, claims, keys[name].as_pem(private=False))
    if how == "HS256-secret":
        return by_hand(header | {"alg": "HS256"}, claims, SECRET.encode())
    others = {"stranger": stranger, "short": weak}
    alg = "RS256" if how in others else how
    return jwt.encode(header | {"alg": alg}, claims, others.get(how, keys[name]), algorithms=[alg])


def by_hand(header: dict[str, Any], claims: dict[str, Any], secret: bytes) -> str:
    """With a shared secret, or none: what no library lets through."""
    parts = [base64.urlsafe_b64encode(json.dumps(part).encode()).rstrip(b"=").decode() for part in (header, claims)]
    mac = hmac.new(secret, ".".join(parts).encode(), hashlib.sha256).digest() if secret else b""
    return ".".join((*parts, base64.urlsafe_b64encode(mac).rstrip(b"=").decode()))


if __name__ == "__main__":
    server = create_server(idp, host="127.0.0.1", port=0)
    print(server.effective_port, flush=True)  # noqa: T201
    sys.stdout.close()
    server.run()
