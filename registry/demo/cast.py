"""The people of the demonstration: plainly fictional names, `example` addresses, every hat and every case.

Two neighbouring councils share one communications team; a parish has a single officer.
"""

from dataclasses import dataclass, field

from registry.identity.models import Terms
from registry.vocabulary.permissions import Role

RIVERTON, HILLFORD, LITTLE_MERE = "riverton", "hillford", "little-mere"
R, H, M = (RIVERTON,), (HILLFORD,), (LITTLE_MERE,)
BOTH = (RIVERTON, HILLFORD)


@dataclass(frozen=True)
class Player:
    """Somebody of the demonstration. `edits` names the service areas they are an editor for.

    `training`: days from today until their editor training lapses (negative: it has), None if never trained.
    `signs`: "new" (the version in force), "old" (only the one before), "" (none).
    `left`: days since their last day; None while they work here.
    """

    name: str
    job: str
    councils: tuple[str, ...]
    roles: tuple[Role, ...] = ()
    edits: tuple[str, ...] = ()
    training: int | None = None
    signs: str = ""
    terms: Terms = Terms.EMPLOYEE
    left: int | None = None
    confirmed: bool = True
    manages: tuple[str, ...] = field(default=())

    @property
    def email(self) -> str:
        """Their address, at the first council they work for."""
        return f"{self.name.lower().replace(' ', '.')}@{self.councils[0]}.example"


CAST = (
    # the shared communications team
    Player("Morgan Example", "Head of Communications", BOTH, (Role.COMMS,), ("Corporate",), 240, "new"),
    Player("Robin Sample", "Communications Officer", BOTH, (Role.COMMS,), ("Corporate",), 120, "new"),
    Player("Sasha Specimen", "Digital Content Officer", BOTH, (Role.COMMS,), ("Corporate",), 22, "old"),
    Player("Jules Placeholder", "Press Assistant", BOTH, (), ("Corporate",), 300, "new"),
    # Riverton District Council
    Player("Avery Fictional", "Chief Executive", R, (Role.CLERK,), (), 180, "new"),
    Player("Blake Testwell", "Deputy Chief Executive", R, (Role.MANAGEMENT_TEAM,), (), None, "new"),
    Player("Casey Demoson", "Strategic Director", R, (Role.MANAGEMENT_TEAM,), (), None, "new"),
    Player("Drew Mockford", "Head of Waste and Recycling", R, (Role.MANAGER,), (), 90, "new", manages=("Waste",)),
    Player("Ellis Pretend", "Head of Community", R, (Role.MANAGER,), (), None, "new", manages=("Community", "Events")),
    Player("Frankie Imaginary", "Community Safety Manager", R, (Role.MANAGER,), (), 60, "new", manages=("Community safety",)),
    Player("Gray Nonsuch", "Democratic Services Manager", R, (Role.MANAGER,), (), 200, "new", manages=("Democratic services",)),
    Player("Harper Makebelieve", "Head of Planning", R, (Role.MANAGER,), (), None, "old", manages=("Planning", "Leisure")),
    Player("Indigo Auditwell", "Internal Auditor", R, (Role.AUDITOR,), (), None, "new"),
    Player("Jamie Keyes", "IT Systems Administrator", BOTH, (Role.ADMINISTRATOR,), (), None, "new"),
    Player("Kit Example", "Waste Engagement Officer", R, (), ("Waste",), 210, "new"),
    Player("Lee Sample", "Recycling Officer", R, (), ("Waste",), 150, "new"),
    Player("Max Specimen", "Community Officer", R, (), ("Community",), -12, "new"),
    Player("Noor Placeholder", "Events Officer", R, (), ("Community", "Events"), 170, "new"),
    Player("Oak Fictional", "Community Safety Officer", R, (), ("Community safety",), 95, "new"),
    Player("Pat Testwell", "CCTV Coordinator", R, (), ("Community safety",), 18, "old"),
    Player("Quinn Demoson", "Democratic Services Officer", R, (), ("Democratic services",), 230, "new"),
    Player("Reese Mockford", "Elections Officer", R, (), ("Democratic services",), 260, "new"),
    Player("Sky Pretend", "Planning Technician", R, (), ("Planning",), None, ""),
    Player("Tate Imaginary", "Leisure Development Officer", R, (), ("Leisure",), 140, "new", left=9),
    Player("Uma Nonsuch", "Leisure Assistant", R, (), ("Leisure",), 40, "new"),
    Player("Val Makebelieve", "Events Assistant", R, (), ("Events",), 75, "new", Terms.AGENCY),
    Player("Wren Example", "Waste Apprentice", R, (), (), 330, "new", confirmed=False),
    Player("Xan Sample", "Customer Services Adviser", R),
    Player("Yael Specimen", "Housing Officer", R, signs="new"),
    Player("Zion Placeholder", "Museum Volunteer", R, (), (), None, "new", Terms.VOLUNTEER),
    Player("Ash Fictional", "Former Press Officer", R, (), (), 10, "old", left=60),
    # Hillford City Council
    Player("Bay Testwell", "City Clerk", H, (Role.CLERK,), (), 280, "new"),
    Player("Cleo Demoson", "Deputy City Clerk", H, (Role.CLERK,), (), 100, "new"),
    Player("Dale Mockford", "Corporate Director", H, (Role.MANAGEMENT_TEAM,), (), None, "new"),
    Player("Eden Pretend", "Head of Children and Families", H, (Role.MANAGER,), (), None, "new", manages=("Families information",)),
    Player("Flynn Imaginary", "Head of Public Protection", H, (Role.MANAGER,), (), 130, "new", manages=("Community protection",)),
    Player("Gale Nonsuch", "Head of Culture", H, (Role.MANAGER,), (), 50, "old", manages=("Museums", "Libraries")),
    Player("Hale Makebelieve", "Parks Manager", H, (Role.MANAGER,), (), None, "new", manages=("Parks",)),
    Player("Ira Auditwell", "Auditor", H, (Role.AUDITOR,)),
    Player("Joss Example", "Families Information Officer", H, (), ("Families information",), 190, "new"),
    Player("Kai Sample", "Family Hub Worker", H, (), ("Families information",), 205, "new"),
    Player("Lane Specimen", "Protection Officer", H, (), ("Community protection",), 25, "new"),
    Player("Mika Placeholder", "Licensing Officer", H, (), ("Community protection",), -40, "old"),
    Player("Nico Fictional", "Museum Engagement Officer", H, (), ("Museums",), 310, "new"),
    Player("Onyx Testwell", "Curator", H, (), ("Museums",), 15, "new"),
    Player("Parker Demoson", "Library Assistant", H, (), ("Libraries",), 220, "new"),
    Player("Remy Mockford", "Reading Outreach Worker", H, (), ("Libraries",), 125, "new"),
    Player("Shay Pretend", "Park Ranger", H, (), ("Parks",), 85, "new"),
    Player("Toni Imaginary", "Gardening Contractor", H, (), (), None, "", Terms.CONTRACTOR),
    Player("Umber Nonsuch", "Street Scene Officer", H),
    Player("Vesper Makebelieve", "Archivist", H, signs="old"),
    Player("Winter Example", "Benefits Officer", H, signs="new"),
    Player("Xia Sample", "Welcome Desk Volunteer", H, (), (), None, "new", Terms.VOLUNTEER),
    Player("Yuri Specimen", "Theatre Technician", H),
    Player("Zuri Placeholder", "Former Museum Assistant", H, (), (), -100, "old", left=120),
    Player("Arden Fictional", "Highways Officer", H, signs="new"),
    Player("Briar Testwell", "Tourism Officer", H, (), ("Museums",), 160, "new"),
    Player("Cove Demoson", "Committee Officer", H, (), (), 245, "new"),
    # Little Mere Parish Council: one officer with every hat, and the Chair
    Player("Penny Onlyone", "Parish Clerk", M, (Role.CLERK, Role.COMMS, Role.ADMINISTRATOR), ("Parish",), 110, "new", manages=("Parish",)),
    Player("Councillor Chairwell", "Chair of the council", M, (Role.AUDITOR,), (), None, "new", Terms.MEMBER),
)  # fmt: skip
