"""Under what an attempt is counted: keyed, apart by kind, and by the network that one subscriber has."""

from hypothesis import given
from hypothesis import strategies as st

from registry.throttle.lanes import Lane, lane_key, network_of, site_of

SECRET = b"k" * 32
PARTS = st.lists(st.text(max_size=12), min_size=1, max_size=4)


@given(PARTS, PARTS)
def test_two_lanes_share_a_key_only_if_they_are_one(one: list[str], other: list[str]) -> None:
    assert (lane_key(SECRET, *one) == lane_key(SECRET, *other)) == (one == other)


def test_a_lane_tells_neither_name_nor_address_without_the_key() -> None:
    assert lane_key(SECRET, "192.0.2.7") != lane_key(b"j" * 32, "192.0.2.7")


@given(st.binary(min_size=32, max_size=32))
def test_the_number_of_a_lane_fits_the_lock(raw: bytes) -> None:
    from datetime import timedelta

    assert -(2**63) <= Lane("a lane", raw.hex(), 1, timedelta(1)).lock < 2**63


@given(st.ip_addresses(v=4))
def test_an_old_address_is_a_network_of_its_own_however_it_is_written(address: object) -> None:
    assert network_of(str(address)) == network_of(f"::ffff:{address}") == str(address)


@given(st.integers(0, 2**64 - 1), st.integers(0, 2**64 - 1), st.integers(0, 2**64 - 1))
def test_a_subscriber_with_many_addresses_is_one_network(prefix: int, one: int, other: int) -> None:
    from ipaddress import IPv6Address

    addresses = [IPv6Address(prefix << 64 | host) for host in (one, other)]
    if any(address.ipv4_mapped for address in addresses):
        return
    first, second = (network_of(str(address)) for address in addresses)
    assert first == second
    assert first.endswith("/64")


def test_what_is_no_address_is_one_lane_for_all() -> None:
    assert {network_of(text) for text in (None, "", "somewhere", "1.2.3")} == {"unknown"}
    assert network_of("fe80::1%eth0") == "fe80::/64"


def test_a_site_is_all_that_one_customer_may_be_given_and_an_old_address_has_none() -> None:
    assert site_of("2001:db8:7:1::1") == site_of("2001:db8:7:ffff::9") == "2001:db8:7::/48"
    assert site_of("2001:db8:8::1") != site_of("2001:db8:7::1")
    assert {site_of(text) for text in (None, "192.0.2.7", "::ffff:192.0.2.7", "somewhere")} == {None}
