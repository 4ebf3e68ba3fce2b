"""What stretches a passphrase gives the answer that its standard prints."""

from dataclasses import asdict

from cryptography.hazmat.primitives.kdf.argon2 import Argon2id

from registry.custody.passphrase import Cost, new_parameters


def test_argon2id_gives_the_tag_of_rfc_9106() -> None:
    stretch = Argon2id(
        salt=b"\x02" * 16, length=32, iterations=3, lanes=4, memory_cost=32, ad=b"\x04" * 12, secret=b"\x03" * 8
    )
    assert stretch.derive(b"\x01" * 32).hex() == "0d640df58d78766c08c037a34a8b53c9d01ef0452d75b65eb52520e96b01e659"


def test_a_guess_at_a_passphrase_costs_what_we_decided() -> None:
    """Argon2id with 256 MiB, three passes and four lanes, and a salt of 128 bits of its own."""
    assert asdict(Cost()) == {"memory_kib": 256 * 1024, "passes": 3, "lanes": 4}
    one, other = new_parameters(Cost()), new_parameters(Cost())
    assert {name: one[name] for name in asdict(Cost())} == asdict(Cost())
    assert len(bytes.fromhex(one["salt"])) == 16
    assert one["salt"] != other["salt"]
