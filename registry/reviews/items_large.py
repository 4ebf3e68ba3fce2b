"""What a security review asks on the six largest networks and not on others. Data only.

Menus move: where a path is given, begin there and search the platform's help if it is gone.
"""

from registry.reviews.items import Item

META = ("facebook_page", "instagram")

LARGE_NETWORKS: tuple[Item, ...] = (
    # Facebook pages and groups, Instagram, Threads
    Item(
        "meta_portfolio",
        "Does the council's own business portfolio own it, and no agency or person?",
        "Whoever owns the portfolio can remove everybody else.",
        "Meta Business Suite, Settings, Business portfolio info; then Accounts.",
        applies_to=META,
    ),
    Item(
        "meta_two_step_for_all",
        "Does the portfolio ask everyone for two-step sign-in?",
        "People come in with their personal profiles, so one weak profile is a way in.",
        "Settings, Business portfolio info: the two-factor setting says Everyone.",
        applies_to=META,
    ),
    Item(
        "meta_partners",
        "Are the partners, system users and linked accounts all known?",
        "An agency may keep its access long after its contract.",
        "Settings, Users: Partners and System users; then the linked Instagram and WhatsApp.",
        applies_to=META,
    ),
    Item(
        "facebook_full_control",
        "Do at least two of the council's people have full control of the page?",
        "A page has no password: lose its last person and it is lost.",
        "Page, Settings, Page access: people with full control.",
        applies_to=("facebook_page",),
    ),
    Item(
        "facebook_limits",
        "Are the country and age limits and the moderation helper of the page set on purpose?",
        "A limit hides the page from residents; the helper hides comments nobody meant to hide.",
        "Page, Settings, Privacy; Professional dashboard, Moderation assist.",
        applies_to=("facebook_page",),
    ),
    Item(
        "group_admins",
        "Has the group at least two admins of the council, besides the page itself?",
        "A group without an admin may be taken by any member.",
        "Group, Members, Admins and moderators.",
        applies_to=("facebook_group",),
    ),
    Item(
        "group_joining",
        "Are the group's privacy, its joining questions and its rules as they should be?",
        "What members read in a private group they take to be among themselves.",
        "Group, Settings: privacy, who can join, membership questions, rules.",
        applies_to=("facebook_group",),
    ),
    Item(
        "group_posting",
        "Is it set who may post, and who sees it first?",
        "A group is a place where others speak under the council's name.",
        "Group, Settings, Manage discussion: post approval and keyword alerts.",
        "004 §6.1",
        ("facebook_group",),
    ),
    Item(
        "instagram_checkup",
        "Was Instagram's own Security Checkup gone through?",
        "It shows sign-ins, shared sign-ins and contact details in one place.",
        "Accounts Centre, Password and security, Security Checkup.",
        applies_to=("instagram",),
    ),
    Item(
        "instagram_requests",
        "Are sign-in requests on, and do the e-mails from Instagram match what was done?",
        "A request nobody made is the first sign of an attempt.",
        "Accounts Centre, Password and security: sign-in alerts, and Emails from Instagram.",
        applies_to=("instagram",),
    ),
    Item(
        "meta_accounts_centre",
        "Are only accounts of the council linked in its Accounts Centre?",
        "A linked personal profile can sign in here, and its loss is this account's loss.",
        "Accounts Centre, Profiles.",
        applies_to=("instagram", "threads"),
    ),
    Item(
        "threads_instagram",
        "Was the Instagram account behind it reviewed in the same period?",
        "Threads has no sign-in of its own: Instagram's password and codes open it.",
        "The last review of that account here. Before closing Threads, read what becomes of "
        "Instagram.",
        applies_to=("threads",),
    ),
    # X
    Item(
        "x_reset_protection",
        "Is password reset protection on?",
        "Without it, a public handle is enough to start a reset.",
        "Settings, Security and account access, Security: Password reset protect.",
        applies_to=("x",),
    ),
    Item(
        "x_contact",
        "Is the e-mail address confirmed, and a telephone number there only if it is needed?",
        "A number is a way in by stealing the number.",
        "Settings, Your account, Account information.",
        applies_to=("x",),
    ),
    Item(
        "x_backup_code",
        "Was the backup code taken into custody again after the last password change?",
        "A change of password can make the old code void.",
        "Settings, Security, Two-factor authentication: Backup codes.",
        applies_to=("x",),
    ),
    Item(
        "x_delegates",
        "Do editors work as delegates, and is every delegate known?",
        "A delegate needs no password, so there is none to take away.",
        "Settings, Security and account access, Delegate: members, and who may invite.",
        "002 §19.2",
        ("x",),
    ),
    Item(
        "x_visibility",
        "Are posts public, and photographs without location?",
        "Protected posts reach nobody new; a location may give a person away.",
        "Settings, Privacy and safety: Audience and tagging; Your posts; Location information.",
        applies_to=("x",),
    ),
    # YouTube
    Item(
        "youtube_permissions",
        "Are the people in the channel's permissions the named editors?",
        "This is the first of two layers of access.",
        "YouTube Studio, Settings, Permissions.",
        "002 §19.2",
        ("youtube",),
    ),
    Item(
        "youtube_brand_owners",
        "Are the owners and managers of the Brand Account known too?",
        "This second layer does not show in Studio. Moving to channel permissions ends it.",
        "Google Account, Brand Accounts, Manage permissions.",
        applies_to=("youtube",),
    ),
    Item(
        "youtube_primary_owner",
        "Is the primary owner an identity of the council, and is it known who holds it?",
        "Only the owner can pass the channel on or delete it.",
        "Brand Accounts or Studio permissions: the person marked primary owner.",
        applies_to=("youtube",),
    ),
    Item(
        "youtube_google_two_step",
        "Has every Google account with access two-step sign-in?",
        "A channel is as safe as the weakest account that manages it.",
        "Ask each person for Google Account, Security; or see the admin console.",
        applies_to=("youtube",),
    ),
    Item(
        "youtube_stream_keys",
        "Were the live-stream keys renewed since the last person who had them left?",
        "A key lets its holder broadcast on the channel without signing in.",
        "Studio, Create, Go live, Stream: reset the key.",
        applies_to=("youtube",),
    ),
    Item(
        "youtube_children",
        "Are the made-for-children setting and the holding of comments right?",
        "The first is a legal statement, and it turns comments off.",
        "Studio, Settings, Channel, Advanced; Settings, Community.",
        "002 §12.8",
        ("youtube",),
    ),
    # LinkedIn
    Item(
        "linkedin_super_admins",
        "Has the page at least two super admins, and are the others content admins or analysts?",
        "Only super admins can add or remove people, and leavers keep their roles.",
        "Page, Admin tools, Manage admins.",
        "002 §19.2",
        ("linkedin",),
    ),
    Item(
        "linkedin_paid_media",
        "Are the paid media admins known?",
        "They spend money under the council's name and are listed apart.",
        "Page, Manage admins, Paid media admins; Campaign Manager, Account access.",
        "002 §12.10",
        ("linkedin",),
    ),
    Item(
        "linkedin_two_step",
        "Has the personal profile of every admin two-step sign-in?",
        "The page has no sign-in of its own.",
        "Ask each: Settings, Sign in and security, Two-step verification.",
        applies_to=("linkedin",),
    ),
    Item(
        "linkedin_employees",
        "Are people who claim to work for the council, but do not, reported?",
        "Anyone may name the council as employer and seem to speak for it.",
        "Page, People. Report those unknown to HR through LinkedIn.",
        "002 §12.1",
        ("linkedin",),
    ),
    # TikTok
    Item(
        "tiktok_admins",
        "Has the Business Center at least two admins, few more, and nobody inactive?",
        "It stands above the account and can give it away.",
        "Business Center, Users, Members.",
        "002 §19.2",
        ("tiktok",),
    ),
    Item(
        "tiktok_domains",
        "Does the Business Center accept only addresses of the council's domain?",
        "It stops a private address being invited by mistake.",
        "Business Center, Settings, Security: e-mail domains and two-step for all.",
        applies_to=("tiktok",),
    ),
    Item(
        "tiktok_devices",
        "Does it depend on no single phone, and does the device policy allow it?",
        "The app asks for much, and many public bodies bar it from their devices.",
        "Settings, Security, Manage devices; and the council's device policy.",
        applies_to=("tiktok",),
    ),
    Item(
        "tiktok_filters",
        "Are comment filters, duets, stitches and downloads set on purpose?",
        "Others can otherwise cut the council's video into their own.",
        "Settings, Privacy, item by item.",
        "004 §6.1",
        ("tiktok",),
    ),
)
