"""What stretches a passphrase gives the answer that its standard prints."""

from cryptography.hazmat.primitives.kdf.argon2 import Argon2id


def test_argon2id_gives_the_tag_of_rfc_9106() -> None:
    stretch = Argon2id(
        salt=b"\x02" * 16, length=32, iterations=3, lanes=4, memory_cost=32, ad=b"\x04" * 12, secret=b"\x03" * 8
    )
    assert stretch.derive(b"\x01" * 32).hex() == "0d640df58d78766c08c037a34a8b53c9d01ef0452d75b65eb52520e96b01e659"
