"""Check one entry of a register's trail without the register: python3 verify_bundle.py BUNDLE [KEY-FILE [NOTE-FILE]]

KEY-FILE holds the public key and NOTE-FILE a checkpoint that somebody outside the council has kept; without them the
ones in the bundle are used, which proves only that it agrees with itself. Needs Python 3.11 and `cryptography`.
Exit 0: proved. Exit 2: forged or altered. Exit 3: nothing is known, as the note is of another size than the proof, or
what was given cannot be read.
"""

import base64
import hashlib
import json
import sys
from pathlib import Path

from cryptography.exceptions import InvalidSignature, InvalidTag
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM


def sha(*parts):
    return hashlib.sha256(b"".join(parts)).digest()


def signed(note, key):
    """The size and root in a signed note (C2SP signed-note, tlog-checkpoint), once its signature is right."""
    name, key_id, raw = key.strip().split("+", 2)
    public = base64.b64decode(raw)
    if public[0] != 1 or sha(name.encode(), b"\n", public)[:4].hex() != key_id:
        raise ValueError("the public key does not agree with itself")
    text, _, lines = note.replace("\r\n", "\n").rpartition("\n\n")
    wanted = [base64.b64decode(line.split()[2]) for line in lines.splitlines() if line.split()[:2] == ["—", name]]
    wanted = [signature[4:] for signature in wanted if signature[:4].hex() == key_id]
    if not wanted:
        raise ValueError("the note is not signed with this key")
    Ed25519PublicKey.from_public_bytes(public[1:]).verify(wanted[0], f"{text}\n".encode())
    origin, size, root = text.split("\n")[:3]
    if origin != name:
        raise ValueError("the note is about another trail")
    return int(size), base64.b64decode(root)


def root_of(leaf, index, size, path):
    """The root to which a proof leads (RFC 9162, section 2.1.3.2)."""
    place, last = index, size - 1
    for step in path:
        if last == 0:
            raise ValueError("the proof is too long")
        if place & 1 or place == last:
            leaf = sha(b"\x01", step, leaf)
            while place and not place & 1:
                place, last = place >> 1, last >> 1
        else:
            leaf = sha(b"\x01", leaf, step)
        place, last = place >> 1, last >> 1
    return leaf if last == 0 and 0 <= index < size else None


def check(bundle, key, note):
    """Every step of the proof; gives the entry with the details that could be opened."""
    size, root = signed(note, key)
    text = bundle["body"].encode()
    body = json.loads(text)
    if root_of(sha(b"\x00", text), body["seq"] - 1, size, [bytes.fromhex(step) for step in bundle["proof"]]) != root:
        raise ValueError("the entry is not in the trail that the note is about")
    hashes = {one["person"]: one["sha256"] for one in body.get("sealed", [])}
    for one in bundle["details"]:
        sealed = base64.b64decode(one["ciphertext"])
        if hashes.get(one["person"]) != sha(sealed).hex():
            raise ValueError("the details are not those of this entry")
        if one["key"]:
            opened = AESGCM(base64.b64decode(one["key"])).decrypt(sealed[:12], sealed[12:], one["place"].encode())
            body["detail"] |= json.loads(opened)
    return body


if __name__ == "__main__":
    try:
        given = [Path(name).read_text(encoding="utf-8") for name in sys.argv[1:4]]
        bundle = json.loads(given[0])
    except (OSError, ValueError, IndexError) as error:
        sys.exit(print(f"NOT READ: give a bundle, and perhaps a key and a note, by their files. {error}") or 3)
    try:
        key, note = (given[1:] + [bundle["key"], bundle["note"]][len(given) - 1 :])[:2]
        (mine, _), theirs = signed(note, key), int(bundle["note"].split("\n")[1])
        if mine != theirs:
            sys.exit(print(f"NOT COMPARED: your note is at {mine} entries, the proof at {theirs}: give that note") or 3)
        proved = check(bundle, key, note)
    except (InvalidSignature, InvalidTag) as error:
        sys.exit(print(f"FORGED: {type(error).__name__}: a signature or a key is wrong") or 2)
    except (KeyError, TypeError, IndexError, AttributeError) as error:
        sys.exit(print(f"FORGED: it lacks a part of a bundle, or one is not as it must be: {error}") or 2)
    except ValueError as error:
        sys.exit(print(f"FORGED: {error}") or 2)
    print(json.dumps(proved, indent=2, ensure_ascii=False, sort_keys=True))
    print("PROVED" if len(given) > 1 else "PROVED by the bundle's own key only: compare it with one kept outside")
