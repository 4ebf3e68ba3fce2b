"""The tree over a chain is that of RFC 6962, however it is grown, and its proofs lead to its root and nowhere else."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry.audit.canonical import digest
from registry.audit.merkle import EMPTY, Frontier, inclusion, leaf, node, root_of

INPUTS = ("", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f")
ROOTS = [
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]


def grown(leaves: list[bytes]) -> Frontier:
    tree = Frontier()
    for leaf_hash in leaves:
        tree.add(leaf_hash)
    return tree


def by_the_book(leaves: list[bytes]) -> bytes:
    """RFC 6962, section 2.1, word for word."""
    if not leaves:
        return EMPTY
    if len(leaves) == 1:
        return leaves[0]
    half = 1 << ((len(leaves) - 1).bit_length() - 1)
    return node(by_the_book(leaves[:half]), by_the_book(leaves[half:]))


def test_the_standard_inputs_have_the_roots_of_the_standard() -> None:
    leaves = [leaf(bytes.fromhex(text)) for text in INPUTS]
    assert [grown(leaves[:size]).root().hex() for size in range(9)] == ROOTS


def test_three_events_of_the_format_chain_and_grow_to_the_root_in_the_note() -> None:
    event = (
        '{{"act":"secret.revealed","actor":"p_01","at":"2026-11-20T09:00:0{n}.000000Z","detail_sha256":null,'
        '"obj":"acc_01","prev":"{prev}","res":"ok","seq":{n},"v":1}}'
    )
    prev, bodies = "0" * 64, []
    for number in (1, 2, 3):
        bodies.append(event.format(n=number, prev=prev).encode())
        prev = digest(bodies[-1])
    assert digest(bodies[0]) == "3a4c5fb16b5de8ebb088282b1edf497d12d4498e4525b55f7cb8dc05efcd63a8"
    assert digest(bodies[1]) == "08ee646b95aa732b8ddb3718dcc283f7ba07a8d50d76027d1c47c04ee96df4a5"
    assert prev == "31ebf6ea4fbdb05ce1c17a797b47737b695796bf0579b016f7f13bad84e4875d"
    assert grown([leaf(body) for body in bodies]).root().hex() == (
        "c5d79cdebcf3ce722aa445ff32fbe8fed11ab2eca7a2ae5eddc77686867bd198"
    )


@given(st.integers(1, 300), st.data())
def test_a_tree_taken_up_again_at_any_size_is_the_same_tree(size: int, data: st.DataObject) -> None:
    leaves = [leaf(number.to_bytes(2)) for number in range(size)]
    pause = data.draw(st.integers(0, size))
    tree = Frontier.read(pause, grown(leaves[:pause]).text())
    for leaf_hash in leaves[pause:]:
        tree.add(leaf_hash)
    assert tree.root() == by_the_book(leaves)


@given(st.integers(1, 200), st.data())
def test_a_proof_leads_to_the_root_and_a_changed_one_does_not(size: int, data: st.DataObject) -> None:
    leaves = [leaf(number.to_bytes(2)) for number in range(size)]
    index = data.draw(st.integers(0, size - 1))
    before = data.draw(st.integers(0, index))
    path, root = inclusion(grown(leaves[:before]), leaves[before:], index), by_the_book(leaves)
    assert root_of(leaves[index], index, size, path) == root
    assert root_of(leaf(b"another"), index, size, path) != root
    for wrong in (path[:-1], [*path, EMPTY], path[::-1]):
        if wrong != path:
            assert root_of(leaves[index], index, size, wrong) != root
    other = data.draw(st.integers(0, size + 3))
    if other != index:
        assert root_of(leaves[index], other, size, path) != root


@pytest.mark.parametrize("text", ["", "00", "zz" * 32, "00" * 33])
def test_hashes_that_are_no_tree_of_the_size_are_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"tree of 1|hexadecimal"):
        Frontier.read(1, text)
