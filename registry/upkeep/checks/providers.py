"""Whether people can sign in by the identity providers of the settings."""

from collections.abc import Iterator

from registry.core.house import House
from registry.core.providers import Provider
from registry.core.tenants import Beyond
from registry.councils.queries import list_councils
from registry.identity.outside import wire
from registry.identity.outside.knowledge import describe, read_keys
from registry.identity.outside.troubles import OutsideTrouble
from registry.upkeep.check import Finding, broken, check, warning, well


@check("providers")
def providers(house: House) -> Iterator[Finding]:
    """Whether each provider answers under its issuer, is who it says, and publishes keys."""
    if not house.settings.providers:
        yield well("Nobody signs in by an identity provider: none is set.")
    for provider in house.settings.providers:
        yield _examined(provider, house.settings.base_url)
    with house.reading(Beyond.INSTALLATION) as session:
        here = {council.slug for council in list_councils(session)}
    for provider in house.settings.providers:
        yield from _bounded(provider, here)


def _bounded(provider: Provider, here: set[str]) -> Iterator[Finding]:
    """Whether it speaks for councils by name: where there are several, one of them must not vouch for the others."""
    if not provider.councils and len(here) > 1:
        mend = f'In its table in settings.toml, name the councils whose staff it knows: councils = ["{min(here)}"]'
        yield warning(f"{provider.name} lets in people of every council here, also of those that do not run it.", mend)
    for slug in sorted(provider.councils - here):
        yield warning(
            f"{provider.name} is set for {slug}, which is no council here.", "Mend its short name, or remove it."
        )


def _examined(provider: Provider, base_url: str) -> Finding:
    try:
        keys = read_keys(wire.fetch(provider, describe(provider).keys_at))
    except OutsideTrouble as no:
        mend = f"Check its issuer ({provider.issuer}), its hosts, and the way there from this machine."
        return broken(f"{provider.name}: {no.trouble.why}.", mend)
    if not keys:
        return broken(f"{provider.name} publishes no key to check its signatures by.", "Ask whoever runs it.")
    return well(f"{provider.name} answers. It must know the address {base_url}/sign-in/from/{provider.key}")
