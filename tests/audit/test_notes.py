"""Checkpoints are C2SP signed notes, byte for byte, and nothing else is taken for one."""

import base64

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from registry.audit import notes

KEY = Ed25519PrivateKey.from_private_bytes(b"\x07" * 32)
NAME = "register.example.gov.uk/council-01"
ROOT = base64.b64decode("xdec3rzzznIqpEX/Mvvo/tEasuynoq5e3cd2hoZ70Zg=")
VECTOR = """register.example.gov.uk/council-01
3
xdec3rzzznIqpEX/Mvvo/tEasuynoq5e3cd2hoZ70Zg=

— register.example.gov.uk/council-01 Ssu9/YRiy81RgWuKkhMKOcAUPOYIK5juhLfODxo4blYicNjsQAfkcEkdVQbZUToun9aveMD1trezQkG8oMqrnyIPagk=
"""  # noqa: E501
PUBLIC = notes.public_bytes(KEY)


def test_the_vector_is_written_and_read() -> None:
    assert notes.write(KEY, NAME, 3, ROOT) == VECTOR
    note = notes.read(VECTOR)
    assert (note.origin, note.size, note.root) == (NAME, 3, ROOT)
    assert note.is_signed_by(PUBLIC)


def test_a_note_from_a_file_of_another_system_is_the_same_note() -> None:
    assert notes.read(VECTOR.replace("\n", "\r\n")).is_signed_by(PUBLIC)


@pytest.mark.parametrize(
    ("old", "new"),
    [("\n3\n", "\n4\n"), ("council-01\n3", "council-02\n3"), ("xdec3", "xdec4"), ("Ssu9/YRiy8", "Ssu9/YRiy9")],
)
def test_a_changed_note_is_not_signed(old: str, new: str) -> None:
    assert not notes.read(VECTOR.replace(old, new, 1)).is_signed_by(PUBLIC)


def test_another_key_or_another_name_did_not_sign() -> None:
    assert not notes.read(VECTOR).is_signed_by(notes.public_bytes(Ed25519PrivateKey.generate()))
    assert not notes.read(VECTOR.replace("— register", "— another")).is_signed_by(PUBLIC)


def test_further_signatures_of_witnesses_do_no_harm() -> None:
    witness = f"— witness.example {base64.b64encode(b'1234' + b'x' * 64).decode()}\n"
    assert notes.read(VECTOR + witness).is_signed_by(PUBLIC)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "not a note",
        VECTOR.rstrip(),
        VECTOR.replace("\n3\n", "\n03\n"),
        VECTOR.replace("\n3\n", "\n-3\n"),
        VECTOR.replace("xdec3rz", "xdec3 z"),
        VECTOR.replace("xdec3rzz", "xdec"),
        VECTOR.replace("— reg", "- reg"),
        VECTOR.replace("Ssu9/", "Ssu9*"),
        "\n" + VECTOR.partition("\n")[2],
        VECTOR + "x" * 20_000 + "\n",
    ],
)
def test_what_is_no_checkpoint_is_refused(text: str) -> None:
    with pytest.raises(notes.NotANote, match="not a checkpoint"):
        notes.read(text)


def test_a_public_key_goes_in_a_line_and_comes_back() -> None:
    line = notes.verifier_key(NAME, PUBLIC)
    assert line.startswith(f"{NAME}+4acbbdfd+")
    assert notes.read_verifier_key(f" {line}\n") == (NAME, PUBLIC)
    with pytest.raises(notes.NotANote, match="do not agree"):
        notes.read_verifier_key(line.replace("4acbbdfd", "4acbbdfe"))
