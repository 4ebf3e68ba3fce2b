"""Entering, changing, renaming and importing accounts; service areas come and go."""

from typing import Any

import pytest
from sqlalchemy import func, select

from registry.accounts import actions
from registry.accounts.identify import identify
from registry.accounts.importing import Plan, guess
from registry.accounts.models import Account, AccountState, FormerName, ImportBatch, ServiceArea
from registry.accounts.queries import find_namesake, get_account, list_former_names, namesakes
from registry.accounts.spreadsheet import read_table
from registry.audit.models import Entry
from registry.core.errors import Conflict, Invalid, NotFound, Refused
from registry.councils.models import Risk
from registry.vocabulary.permissions import Role
from tests.world import World

S = AccountState
CSV = "Platform,Handle,Service area,Owner email\nTwitter,@One,Waste,{email}\nFacebook,Two,Parks,\n"


@pytest.fixture
def clerk(world: World):
    return world.person("Clerk", Role.CLERK)


def add(world: World, clerk, address: str, area: ServiceArea, **facts: Any) -> Account:
    with world.work(clerk) as work:
        return actions.add_account(work, address, service_area_id=area.id, how=facts.pop("how", "request"), **facts)


def read(world: World, account: Account) -> Account:
    with world.house.reading() as session:
        return get_account(session, world.council.id, account.id)


def acts(world: World, account_id: int | None = None) -> list[str]:
    with world.house.reading() as session:
        query = select(Entry.act).where(Entry.chain == world.council.id).order_by(Entry.seq)
        return list(session.scalars(query.where(Entry.account_id == account_id) if account_id else query))


def test_an_approved_request_enters_the_account_in_one_spelling(world: World, clerk) -> None:
    account = add(world, clerk, "https://twitter.com/ExampleWaste?s=20", world.area(), name="Waste", purpose="Bins")
    assert (account.platform, account.handle, account.handle_key) == ("x", "@ExampleWaste", "examplewaste")
    assert (account.url, account.sort_name) == ("https://x.com/ExampleWaste", "waste")
    assert (account.state, account.authorised_on, account.live_on) == (S.AUTHORISED, world.today, None)
    assert acts(world, account.id) == ["account.added"]


@pytest.mark.parametrize(
    ("state", "days"),
    [
        (S.PROPOSED, (False, False, False, False)),
        (S.AUTHORISED, (True, False, False, False)),
        (S.LIVE, (True, True, False, False)),
        (S.MOTHBALLED, (True, True, True, False)),
        (S.CLOSED, (True, False, False, True)),
        (S.HANDED_OVER, (True, False, False, True)),
    ],
)
def test_the_days_of_an_account_follow_from_its_state(
    world: World, clerk, state: AccountState, days: tuple[bool, ...]
) -> None:
    account = add(world, clerk, "x:@Example", world.area(), state=state)
    kept = (account.authorised_on, account.live_on, account.mothball_review_on, account.ended_on)
    assert tuple(day is not None for day in kept) == days
    assert (account.next_review_on == world.day(90)) is (state in (S.LIVE, S.MOTHBALLED))


def test_an_account_is_entered_once_whatever_its_spelling(world: World, clerk) -> None:
    area = world.area()
    add(world, clerk, "x:@Example", area, name="Waste")
    with pytest.raises(Invalid) as refused:
        add(world, clerk, "twitter.com/EXAMPLE", area)
    assert refused.value.field == "address"
    assert refused.value.sentence == "That is in the register already: “Waste”, authorised"


def test_an_address_that_names_no_account_is_refused_at_its_field(world: World, clerk) -> None:
    with pytest.raises(Invalid, match="looks like"):
        add(world, clerk, "https://facebook.com.evil.example/x", world.area())


def test_a_platform_that_has_gone_takes_no_account_in_use(world: World, clerk) -> None:
    area = world.area()
    with pytest.raises(Refused, match="MySpace is retired"):
        add(world, clerk, "myspace:examplebands", area, state=S.LIVE)
    assert add(world, clerk, "myspace:examplebands", area, state=S.CLOSED).ended_on == world.today


def test_another_councils_area_or_person_is_not_there(world: World, clerk) -> None:
    other = world.another()
    area, stranger = other.area(), other.person("Stranger")
    with pytest.raises(NotFound):
        add(world, clerk, "x:@Example", area)
    with pytest.raises(NotFound):
        add(world, clerk, "x:@Example", world.area(), responsible_id=stranger.id)
    account = world.account(world.area("Parks"))
    with pytest.raises(NotFound), other.work() as work:
        actions.change_account(work, account.id, 1, {"purpose": "Theirs"})


def test_two_councils_may_hold_the_same_account(world: World, clerk) -> None:
    other = world.another()
    add(world, clerk, "x:@Joint", world.area())
    with other.work(other.person("Other Clerk", Role.CLERK)) as work:
        assert actions.add_account(work, "x:@Joint", service_area_id=other.area().id, how="import").id


def test_no_account_goes_to_a_service_area_that_ended(world: World, clerk) -> None:
    area = world.area()
    with world.work(clerk) as work:
        actions.end_area(work, area.id, world.day(-1))
    with pytest.raises(Invalid) as refused:
        add(world, clerk, "x:@Example", area)
    assert refused.value.field == "service_area_id"


def change(world: World, clerk, account: Account, **changes: Any) -> Account:
    with world.work(clerk) as work:
        return actions.change_account(work, account.id, read(world, account).version, changes)


def test_a_change_names_its_fields_in_the_trail_and_no_change_leaves_none(world: World, clerk) -> None:
    account = world.account(world.area(), next_review_on=world.day(80))
    change(world, clerk, account, name="Élan", purpose="Bins", two_step_on=True)
    assert read(world, account).sort_name == "élan"
    change(world, clerk, account, purpose="Bins")
    assert acts(world, account.id) == ["account.changed"]
    with world.house.reading() as session:
        body = session.scalar(select(Entry.body).where(Entry.account_id == account.id))
    assert '"fields":["name","purpose","two_step_on"]' in body


def test_a_higher_risk_brings_the_next_review_nearer(world: World, clerk) -> None:
    area = world.area()
    account = world.account(area, next_review_on=world.day(80), last_reviewed_on=world.day(-10))
    change(world, clerk, account, risk=Risk.HIGH)
    assert read(world, account).next_review_on == world.day(20)
    unreviewed = world.account(area, handle="Other")
    change(world, clerk, unreviewed, risk=Risk.HIGH)
    assert read(world, unreviewed).next_review_on is None


def test_of_two_people_changing_one_account_the_second_sees_both_versions(world: World, clerk) -> None:
    waste, parks = world.area("Waste"), world.area("Parks")
    account = world.account(waste)
    change(
        world,
        clerk,
        account,
        purpose="First",
        service_area_id=parks.id,
        responsible_id=clerk.id,
        trial_ends_on=world.day(1),
    )
    seen = {"purpose": "Second", "service_area_id": waste.id, "responsible_id": None, "trial_ends_on": None}
    with pytest.raises(Conflict) as lost, world.work(clerk) as work:
        actions.change_account(work, account.id, 1, {**seen, "branded": True})
    assert dict(lost.value.yours) == seen
    assert dict(lost.value.theirs) == {
        "purpose": "First", "service_area_id": parks.id, "responsible_id": clerk.id, "trial_ends_on": world.day(1),
    }  # fmt: skip


def test_only_what_two_people_said_differently_is_shown(world: World, clerk) -> None:
    account = world.account(world.area(), name="Waste")
    change(world, clerk, account, branded=False)
    with pytest.raises(Conflict) as lost, world.work(clerk) as work:
        actions.change_account(work, account.id, 1, {"branded": True, "name": "Waste"})
    assert (lost.value.yours, lost.value.theirs) == (
        (("branded", True),),
        (("branded", False),),
    )


def test_of_a_closed_account_only_the_leftovers_may_be_put_right(world: World, clerk) -> None:
    account = world.account(world.area(), state=S.CLOSED)
    change(world, clerk, account, branded=False, public_note="Ask the library instead")
    with pytest.raises(Refused, match="needs a new request"):
        change(world, clerk, account, purpose="Alive again")
    with pytest.raises(Refused), world.work(clerk) as work:
        actions.rename_account(work, account.id, read(world, account).version, "@New", "New")


def test_paired_accounts_are_paired_both_ways_and_let_go_of_earlier_partners(world: World, clerk) -> None:
    area = world.area()
    english, welsh, third = (add(world, clerk, f"x:@{name}", area) for name in ("English", "Cymraeg", "Third"))
    change(world, clerk, english, paired="https://x.com/cymraeg")
    assert read(world, welsh).paired_account_id == english.id
    change(world, clerk, third, paired="x:@Cymraeg")
    assert [read(world, a).paired_account_id for a in (english, welsh, third)] == [None, third.id, welsh.id]
    change(world, clerk, third, paired="")
    assert [read(world, a).paired_account_id for a in (welsh, third)] == [None, None]
    for wrong in ("x:@Third", "x:@Nobody", "nonsense here"):
        with pytest.raises(Invalid) as refused:
            change(world, clerk, third, paired=wrong)
        assert refused.value.field == "paired"


def rename(world: World, clerk, account: Account, address: str, name: str) -> Account:
    with world.work(clerk) as work:
        return actions.rename_account(work, account.id, read(world, account).version, address, name)


def test_a_renamed_account_is_still_found_under_its_old_name(world: World, clerk) -> None:
    area = world.area()
    account = add(world, clerk, "x:@OldName", area, name="Old name")
    rename(world, clerk, account, "https://x.com/NewName", "New name")
    now = read(world, account)
    assert (now.handle, now.handle_key, now.sort_name) == ("@NewName", "newname", "new name")
    with world.house.reading() as session:
        assert [former.handle for former in list_former_names(session, now)] == ["@OldName"]
        found = find_namesake(session, world.council.id, identify("x:oldname"))
    assert found is not None
    assert found.account_id == account.id
    with pytest.raises(Invalid, match="former name of “New name”"):
        add(world, clerk, "x:@oldname", area)
    assert acts(world, account.id) == ["account.added", "account.renamed"]


def test_an_account_may_take_back_its_own_old_name_but_not_anothers(world: World, clerk) -> None:
    area = world.area()
    one, other = add(world, clerk, "x:@One", area), add(world, clerk, "x:@Other", area)
    rename(world, clerk, one, "@Uno", "Uno")
    rename(world, clerk, one, "@One", "One")
    for taken in ("@Uno", "@One"):
        with pytest.raises(Invalid):
            rename(world, clerk, other, taken, "Other")
    with world.house.reading() as session:
        names = namesakes(session, world.council.id)
    assert (names["x", "one"].is_former, names["x", "uno"].is_former) == (False, True)


def test_a_new_spelling_or_title_alone_leaves_no_former_name(world: World, clerk) -> None:
    account = add(world, clerk, "x:@examplewaste", world.area(), name="Waste")
    rename(world, clerk, account, "@ExampleWaste", "Waste")
    with world.house.reading() as session:
        assert session.scalar(select(func.count()).select_from(FormerName)) == 0
    with pytest.raises(Invalid, match="the name it has now"):
        rename(world, clerk, account, "@ExampleWaste", "Waste")
    with pytest.raises(Invalid, match="Facebook"):
        rename(world, clerk, account, "https://www.facebook.com/ExampleWaste", "Waste")


def test_of_two_people_renaming_one_account_the_second_is_told(world: World, clerk) -> None:
    account = add(world, clerk, "x:@First", world.area())
    rename(world, clerk, account, "@Second", "Second")
    with pytest.raises(Conflict), world.work(clerk) as work:
        actions.rename_account(work, account.id, account.version, "@Third", "Third")


def test_a_service_area_is_added_once_in_any_spelling(world: World, clerk) -> None:
    with world.work(clerk) as work:
        area = actions.add_area(work, "Waste", "Bins", clerk.id)
    for again in ("waste", "WASTE "):
        with pytest.raises(Invalid, match="already a service area “Waste”"), world.work(clerk) as work:
            actions.add_area(work, again)
    with world.work(clerk) as work:
        actions.end_area(work, area.id, world.today)
    with pytest.raises(Invalid, match="bring that one back"), world.work(clerk) as work:
        actions.add_area(work, "Waste")
    with world.work(clerk) as work:
        assert actions.reopen_area(work, area.id).ended_on is None


def test_a_service_area_changes_its_name_and_manager(world: World, clerk) -> None:
    area, _ = world.area("Waste"), world.area("Parks")
    with world.work(clerk) as work:
        actions.change_area(work, area.id, 1, {"name": "WASTE", "manager_id": clerk.id, "description": ""})
        actions.change_area(work, area.id, 1, {"name": "WASTE"})
    assert acts(world).count("service_area.changed") == 1
    with pytest.raises(Invalid, match="already"), world.work(clerk) as work:
        actions.change_area(work, area.id, 2, {"name": "parks"})


def test_a_manager_works_for_the_council_today(world: World, clerk) -> None:
    gone = world.person("Gone Example", ends_on=world.day(-1))
    stranger = world.another().person("Stranger")
    for nobody in (gone, stranger):
        with pytest.raises(Invalid) as refused, world.work(clerk) as work:
            actions.add_area(work, "Waste", manager_id=nobody.id)
        assert refused.value.field == "manager_id"


def test_a_service_area_with_accounts_does_not_end(world: World, clerk) -> None:
    area = world.area()
    account = world.account(area)
    with pytest.raises(Refused, match="still answers for 1 account"), world.work(clerk) as work:
        actions.end_area(work, area.id, world.today)
    world.account(area, handle="Closed", state=S.CLOSED)
    change(world, clerk, account, service_area_id=world.area("Parks").id)
    with world.work(clerk) as work:
        actions.end_area(work, area.id, world.today)
    with pytest.raises(NotFound), world.another().work() as work:
        actions.reopen_area(work, area.id)


def upload(world: World, who, text: str, filename: str = "C:\\My files\\register.csv") -> ImportBatch:
    with world.work(who) as work:
        return actions.upload(work, text.encode(), filename)


def count(world: World) -> int:
    with world.house.reading() as session:
        return (
            session.scalar(select(func.count()).select_from(Account).where(Account.council_id == world.council.id)) or 0
        )


def test_a_spreadsheet_is_taken_over_whole_with_an_entry_for_each_account(world: World, clerk) -> None:
    waste = world.area("Waste")
    batch = upload(world, clerk, CSV.format(email=clerk.email))
    assert (batch.filename, batch.mapping["columns"]["service_area"]) == ("register.csv", "Service area")
    with world.work(clerk) as work:
        accounts = actions.apply_batch(work, batch.id, may_add_areas=True)
    assert [(a.handle, a.state, a.responsible_id) for a in accounts] == [
        ("@One", S.LIVE, clerk.id),
        ("Two", S.LIVE, None),
    ]
    assert accounts[0].service_area_id == waste.id
    assert acts(world)[-4:] == ["service_area.added", "accounts.imported", "account.added", "account.added"]
    with world.house.reading() as session:
        assert session.get_one(ImportBatch, batch.id).rows == []
    with pytest.raises(NotFound), world.work(clerk) as work:
        actions.apply_batch(work, batch.id, may_add_areas=True)


def test_a_file_from_a_mac_with_its_own_spelling_of_accents_comes_in(world: World, clerk) -> None:
    text = "Platform,Handle,Name,Team\nTwitter,@One,Cafe\u0301,Llanfe\u0301r\n"
    batch = upload(world, clerk, text, "re\u0301gister\ud800.csv")
    assert batch.filename == "r\u00e9gister.csv"
    with world.work(clerk) as work:
        assert actions.apply_batch(work, batch.id, may_add_areas=True)[0].name == "Caf\u00e9"


def test_one_fault_keeps_the_whole_file_out(world: World, clerk) -> None:
    text = CSV.format(email="")
    for faulty, said in (
        (text + "Twitter,@Bad Name,Waste,\n", "^1 cell needs"),
        (text + "Twitter,,,\nX,,,\n", "4 cells need"),
    ):
        batch = upload(world, clerk, faulty)
        with pytest.raises(Invalid, match=said), world.work(clerk) as work:
            actions.apply_batch(work, batch.id, may_add_areas=True)
    assert count(world) == 0
    assert "service_area.added" not in acts(world)


def test_new_service_areas_are_made_only_when_that_is_ticked(world: World, clerk) -> None:
    batch = upload(world, clerk, CSV.format(email=""))
    with pytest.raises(Invalid) as refused, world.work(clerk) as work:
        actions.apply_batch(work, batch.id, may_add_areas=False)
    assert refused.value.field == "create_areas"


def test_the_register_is_asked_afresh_when_a_file_is_applied(world: World, clerk) -> None:
    batch = upload(world, clerk, CSV.format(email=""))
    add(world, clerk, "x:@one", world.area("Parks"))
    with pytest.raises(Invalid, match="1 cell needs"), world.work(clerk) as work:
        actions.apply_batch(work, batch.id, may_add_areas=True)


def test_a_file_waits_for_its_columns_and_can_be_put_away(world: World, clerk) -> None:
    area = world.area()
    batch = upload(world, clerk, "Where,What\nTwitter,@One\n")
    with world.work(clerk) as work:
        actions.map_batch(work, batch.id, Plan({"platform": "Where", "handle": "What"}, area.id))
    with pytest.raises(NotFound), world.work(clerk) as work:
        actions.map_batch(work, batch.id, Plan({}, world.another().area().id))
    with pytest.raises(Invalid, match="which account it is"), world.work(clerk) as work:
        actions.map_batch(work, batch.id, Plan({}, area.id))
    with world.work(clerk) as work:
        assert actions.apply_batch(work, batch.id, may_add_areas=False)[0].service_area_id == area.id
    other = upload(world, clerk, "A,B\n1,2\n")
    with world.work(clerk) as work:
        actions.discard_batch(work, other.id)
    with pytest.raises(NotFound), world.work(clerk) as work:
        actions.discard_batch(work, other.id)


def test_a_second_upload_puts_the_first_one_away(world: World, clerk) -> None:
    colleague = world.person("Colleague", Role.COMMS)
    first, theirs = upload(world, clerk, CSV), upload(world, colleague, CSV)
    upload(world, clerk, CSV)
    with world.house.reading() as session:
        assert session.get(ImportBatch, first.id) is None
        assert session.get(ImportBatch, theirs.id) is not None


def test_a_file_that_cannot_be_read_is_refused_at_its_field(world: World, clerk) -> None:
    with pytest.raises(Invalid) as refused:
        upload(world, clerk, "   ")
    assert refused.value.field == "file"


def test_two_people_applying_one_file_enter_it_once(world: World, clerk, monkeypatch: pytest.MonkeyPatch) -> None:
    batch = upload(world, clerk, CSV.format(email=""))
    with world.work(clerk) as late:
        waiting = late.session.get_one(ImportBatch, batch.id)
        late.session.expunge(waiting)
        late.session.rollback()
        with world.work(clerk) as work:
            actions.apply_batch(work, batch.id, may_add_areas=True)
        monkeypatch.setattr("registry.accounts.actions.imports.get_batch", lambda *_: waiting)
        with pytest.raises(Conflict, match="just imported"):
            actions.apply_batch(late, batch.id, may_add_areas=True)


def test_a_thousand_accounts_come_in_at_once(world: World, clerk) -> None:
    lines = "".join(f"Twitter,@Example{n},Area {n % 5}\n" for n in range(1_000))
    table = read_table(f"Platform,Handle,Service area\n{lines}".encode(), "big.csv")
    with world.work(clerk) as work:
        actions.import_accounts(work, table, Plan(guess(table.headings)), "big.csv", may_add_areas=True)
    assert count(world) == 1_000
