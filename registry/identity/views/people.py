"""The council's people: the list, one person, adding, changing and leaving."""

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import func, or_, select

from registry.core.database import Rows
from registry.identity.actions import links
from registry.identity.actions import people as acts
from registry.identity.actions.offers import take_in
from registry.identity.forms import TERMS, ChangePersonForm, PersonForm
from registry.identity.link_queries import is_new
from registry.identity.models import Employment, LinkPurpose, Person, Terms
from registry.identity.models_joining import Offer
from registry.identity.offer_queries import list_offers
from registry.identity.queries import (
    get_employment,
    hats_waiting,
    list_identities,
    list_people,
    names_of,
    role_grants,
    works_only_here,
)
from registry.identity.rules.sign_in import WORKS_ONLY_HERE
from registry.identity.views.room import IN_COUNCIL, room
from registry.identity.views.session import link_address
from registry.vocabulary.permissions import Permission
from registry.web import context
from registry.web.fields import choice
from registry.web.guard import needs
from registry.web.pages import accepted, show
from registry.web.paging import Order, page

P = Permission


@room.get(f"{IN_COUNCIL}/people")
@needs(P.PEOPLE_READ)
def people() -> ResponseReturnValue:
    """Everyone who works for the council, to search and page through; leavers when asked for."""
    arguments = request.args.to_dict()
    query = _listed(arguments.get("q", "").strip(), arguments.get("show", ""))
    name = func.lower(Person.name)
    found = page(context.db(), query, (Order(name, "sort_name"), Order(Person.id, "person_id")), arguments)
    hats: dict[int, list[str]] = {}
    for grant in context.db().scalars(role_grants(context.council().id, context.today())):
        hats.setdefault(grant.person_id, []).append(context.council().title(grant.role))
    return show(
        "identity/people.html",
        page=found,
        offers=list_offers(context.db(), context.council().id) if not arguments else [],
        hats=hats,
        terms=TERMS,
        q=arguments.get("q", ""),
        shown=arguments.get("show", ""),
    )


def _listed(text: str, which: str) -> Rows:
    today = context.today()
    query = (
        select(
            Person.id.label("person_id"), Person.name, func.lower(Person.name).label("sort_name"), Person.email,
            Employment.job_title, Employment.terms, Employment.starts_on, Employment.ends_on,
        )
        .join(Employment, Employment.person_id == Person.id)
        .where(Employment.council_id == context.council().id)
    )  # fmt: skip
    if which == "left":
        query = query.where(Employment.ends_on < today)
    else:
        query = query.where(or_(Employment.ends_on.is_(None), Employment.ends_on >= today))
    for word in text.lower().split():
        query = query.where(
            or_(
                *(
                    func.lower(column).contains(word, autoescape=True)
                    for column in (Person.name, Person.email, Employment.job_title)
                )
            )
        )
    return query


@room.get(f"{IN_COUNCIL}/people/<int:person_id>")
@needs(P.PEOPLE_READ)
def person(person_id: int) -> ResponseReturnValue:
    """One person: on what terms they work here, the hats they wear, and what can be done."""
    employment = get_employment(context.db(), context.council().id, person_id)
    grants = list(context.db().scalars(role_grants(context.council().id, context.today())))
    waiting = list(context.db().scalars(hats_waiting(context.council().id, context.today())))
    givers = (grant.granted_by for grant in (*grants, *waiting))
    confirmers = (grant.confirmed_by for grant in grants)
    names = names_of(context.db(), [employment.manager_id, employment.sponsor_id, *givers, *confirmers])
    is_ours = works_only_here(context.db(), context.council().id, person_id, context.today())
    return show(
        "identity/person.html",
        is_ours=is_ours,
        theirs_alone=WORKS_ONLY_HERE.otherwise,
        accounts=_accounts(person_id) if is_ours else [],
        is_new=is_new(context.db(), person_id),
        employment=employment,
        grants=[g for g in grants if g.person_id == person_id],
        waiting=[g for g in waiting if g.person_id == person_id],
        names=names,
        terms=TERMS,
    )


def _accounts(person_id: int) -> list[str]:
    """At which providers somebody connected an account."""
    providers = {provider.issuer: provider.name for provider in context.house().settings.providers}
    return [providers.get(mine.issuer, mine.issuer) for mine in list_identities(context.db(), person_id)]


@room.route(f"{IN_COUNCIL}/people/new", methods=["GET", "POST"])
@needs(P.PEOPLE_MANAGE, fresh=True)
def add_person() -> ResponseReturnValue:
    """Add somebody, and send them the link that sets their password."""
    form = PersonForm()
    _fill_choices(form)

    def add() -> Employment | Offer:
        with context.work() as work:
            joiner = acts.Joiner(
                name=form.name.data,
                email=form.email.data,
                job_title=form.job_title.data,
                terms=form.terms.data,
                manager_id=form.manager_id.data,
                sponsor_id=form.sponsor_id.data,
                starts_on=form.starts_on.data,
                ends_on=form.ends_on.data,
            )
            return take_in(work, joiner, link_address())

    if done := accepted(form, add):
        return _taken_in(done.came)
    return show(
        "identity/person_form.html",
        form,
        heading="Add somebody",
        submit="Add them",
        cancel_url=url_for("identity.people"),
    )


def _taken_in(came: Employment | Offer) -> ResponseReturnValue:
    if isinstance(came, Offer):
        flash(f"{came.name} is in this register already, and is asked. They join when they accept.", "success")
        return redirect(url_for("identity.people"))
    flash(f"{came.person.name} is added. The link to set a password waits in the messages.", "success")
    return redirect(url_for("identity.person", person_id=came.person_id))


@room.route(f"{IN_COUNCIL}/people/<int:person_id>/change", methods=["GET", "POST"])
@needs(P.PEOPLE_MANAGE)
def change_person(person_id: int) -> ResponseReturnValue:
    """Change what the council knows of somebody."""
    employment = get_employment(context.db(), context.council().id, person_id)
    form = ChangePersonForm(obj=employment, name=employment.person.name)
    _fill_choices(form, besides=person_id)
    fields = ("name", "job_title", "terms", "manager_id", "sponsor_id", "ends_on")

    def change() -> None:
        with context.work() as work:
            acts.change_person(work, person_id, form.lock.data, {field: form[field].data for field in fields})

    if accepted(form, change):
        flash("The changes are saved.", "success")
        return redirect(url_for("identity.person", person_id=person_id))
    here = url_for("identity.person", person_id=person_id)
    return show(
        "identity/person_form.html", form, heading=f"Change {employment.person.name}", submit="Save", cancel_url=here
    )


@room.post(f"{IN_COUNCIL}/people/<int:person_id>/link")
@needs(P.PEOPLE_MANAGE, fresh=True)
def send_link(person_id: int) -> ResponseReturnValue:
    """Send somebody a fresh link to set their password; whoever sends it never sees it."""
    with context.work() as work:
        purpose = links.send_link(work, person_id, link_address())
    lasts = "72 hours" if purpose is LinkPurpose.SET_UP else "20 minutes"
    flash(f"A link that works for {lasts} waits in the messages.", "success")
    return redirect(url_for("identity.person", person_id=person_id))


def _fill_choices(form: ChangePersonForm, besides: int | None = None) -> None:
    everyone = [e for e in list_people(context.db(), context.council().id, context.today()) if e.person_id != besides]
    options = [choice(str(e.person_id), e.person.name) for e in everyone]
    form.manager_id.choices = options
    form.sponsor_id.choices = [choice(str(e.person_id), e.person.name) for e in everyone if e.terms is Terms.EMPLOYEE]
