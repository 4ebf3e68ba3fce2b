"""Whether people can sign in by the identity providers of the settings."""

from collections.abc import Iterator

from registry.core.house import House
from registry.core.providers import Provider
from registry.identity.outside import wire
from registry.identity.outside.knowledge import describe, read_keys
from registry.identity.outside.troubles import OutsideTrouble
from registry.upkeep.check import Finding, broken, check, well


@check("providers")
def providers(house: House) -> Iterator[Finding]:
    """Whether each provider answers under its issuer, is who it says, and publishes keys."""
    if not house.settings.providers:
        yield well("Nobody signs in by an identity provider: none is set.")
    for provider in house.settings.providers:
        yield _examined(provider, house.settings.base_url)


def _examined(provider: Provider, base_url: str) -> Finding:
    try:
        keys = read_keys(wire.fetch(provider, describe(provider).keys_at))
    except OutsideTrouble as no:
        mend = f"Check its issuer ({provider.issuer}), its hosts, and the way there from this machine."
        return broken(f"{provider.name}: {no.trouble.why}.", mend)
    if not keys:
        return broken(f"{provider.name} publishes no key to check its signatures by.", "Ask whoever runs it.")
    return well(f"{provider.name} answers. It must know the address {base_url}/sign-in/from/{provider.key}")
