"""What another website sets off is refused, besides a link that somebody follows."""

import pytest
from flask.testing import FlaskClient

from tests.world import World


@pytest.mark.parametrize("site", ["cross-site", "same-site"])
def test_a_change_that_another_site_caused_is_refused(client: FlaskClient, world: World, site: str) -> None:
    world.sign_in(client, world.person("Ann Example"))
    headers = {"Sec-Fetch-Site": site, "Sec-Fetch-Mode": "navigate"}
    answer = client.post("/sign-out", headers=headers)
    assert answer.status_code == 403
    assert "Another website set this off" in answer.text
    assert client.get("/me/sessions").status_code == 200


@pytest.mark.parametrize(
    ("mode", "kind", "status"),
    [("navigate", "document", 200), ("navigate", "iframe", 403), ("no-cors", "image", 403), ("cors", "empty", 403)],
)
def test_a_page_of_ours_is_led_to_by_a_link_and_never_embedded(
    client: FlaskClient, world: World, mode: str, kind: str, status: int
) -> None:
    headers = {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": mode, "Sec-Fetch-Dest": kind}
    assert client.get("/sign-in", headers=headers).status_code == status


def test_our_own_pages_and_typed_addresses_pass(client: FlaskClient, world: World) -> None:
    world.sign_in(client, world.person("Ann Example"))
    assert client.get("/me/sessions", headers={"Sec-Fetch-Site": "none"}).status_code == 200
    assert client.post("/sign-out", headers={"Sec-Fetch-Site": "same-origin"}).status_code == 302
