"""Words for the generator, and values everybody tries first. Data only."""

# 256 short words, so that each adds exactly 8 bits.
_WORDS = """
acorn agile amber anchor angle ankle apple april arbor arrow aspen atlas autumn badge baker
balcony bamboo banjo barley basil basket beacon bench berry birch bishop blanket bonnet
border bottle breeze brick bridge broom bucket butter button cabin cactus camel candle
canvas canyon captain carbon carpet carrot castle cedar cellar cherry chess chime cider
cinema circle clover cobalt coffee comet copper coral corner cotton cradle crayon cricket
crystal cymbal daisy dancer denim desert diary dinner dolphin domino donkey dragon drawer
drum eagle echo elbow ember engine ermine escort fabric falcon feather fennel ferry fiddle
field finch flask flint flower forest fossil fountain galaxy gallery garden garlic gazebo
ginger glacier glove goblet granite grape gravel guitar hammer harbour harvest hazel heather
helmet heron hollow honey horizon hotel husky igloo indigo ivory jacket jasmine jelly jersey
jigsaw jockey jungle kayak kettle kitten ladder lagoon lantern lark laurel lemon lentil
lilac linen lobster locket lotus magnet mallet mango manor maple marble meadow melon mercury
mimosa mirror mitten monsoon mosaic muffin mustard napkin nectar needle nickel nutmeg oasis
ocean olive onion orange orchard otter oyster paddle pantry paper parade parrot pastel peach
pebble pencil pepper piano picnic pigeon pillow pirate plaza plum pocket poppy prairie prism
puffin pumpkin quartz quill rabbit radish raven ribbon river robin rocket saddle saffron
sailor salmon sandal satin scarf shadow shovel silver sketch sparrow spruce squash statue
stove sugar summit sunset tablet teapot temple thistle thunder timber tomato trumpet tulip
tundra tunnel turnip turtle umber velvet violin walnut walrus willow window winter yellow
yonder zephyr
"""

# Compared after digits and signs at the end are dropped and 0, 1, 3, 4, 5, 7, @, $ and ! read
# as the letters they stand for.
_COMMON = """
password passwort passphrase passcode pass letmein welcome welcometo qwerty qwertyuiop
qwertyuio qwert qwertz azerty asdf asdfgh asdfghjkl zxcvbn zxcvbnm qazwsx qazwsxedc
abc abcd abcdef abcdefg abcdefgh iloveyou iloveu loveme lovely sunshine princess monkey
dragon football baseball basketball cricket rugby soccer superman batman spiderman pokemon
starwars master shadow michael jennifer jordan jessica ashley charlie thomas daniel
andrew matthew robert george harry oliver jack sophie emily olivia amelia liverpool chelsea
arsenal everton rangers celtic manchester manutd london england scotland wales britain
freedom whatever trustno nothing secret topsecret mysecret hello helloworld computer internet
service server system default guest user username login signin root admin administrator
adminadmin administration changeme change newpassword oldpassword mypassword ourpassword
thepassword passwordpassword temppassword temp temporary test tester testing demo example
sample facebook twitter tweet instagram insta threads youtube google gmail linkedin tiktok
snapchat nextdoor whatsapp telegram bluesky mastodon reddit pinterest flickr vimeo medium
tumblr yammer myspace blog social socialmedia socialmediateam media council councils
mycouncil ourcouncil thecouncil councillor councillors councilsocial counciltax towncouncil
citycouncil parishcouncil districtcouncil countycouncil boroughcouncil communitycouncil town
city parish district county borough community village townhall cityhall guildhall townclerk
cityclerk parishclerk clerk theclerk mayor chair chairman manager editor moderator comms
communications communicationsteam pressoffice press news newsroom website web webteam
webmaster customerservice customerservices housing waste recycling refuse bins planning
highways parking leisure library libraries museum museums elections electoral safeguarding
covid corporate corporateaccount account accounts office public official spring summer
autumn winter monday tuesday wednesday thursday friday saturday sunday january february
march april june july august september october november december christmas easter
"""

WORDS = tuple(_WORDS.split())
COMMON = frozenset(_COMMON.split())
