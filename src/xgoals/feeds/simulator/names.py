"""Invented names. Places that are on no map, people nobody has watched: made up of syllables, yet sayable.

A test compares every name that can be drawn with a list of real clubs and players.
"""

COMPETITION = "Meridian League"
COMPETITION_ID = "SIM-ML"

CLUBS = (
    "Varnholt United",
    "FC Elmaren",
    "SC Torvane",
    "Corvenna Athletic",
    "Racing Belmaro",
    "Hartlow Rovers",
    "Ostermar 04",
    "Brenwick Town",
    "Sporting Calvesa",
    "Dunmarrow City",
    "FK Jelvina",
    "Kestrelby Wanderers",
    "SV Lorrenbach",
    "Mirandol 1908",
    "Norrhelm BK",
    "Pellowin Albion",
    "Quellstedt 96",
    "Tarrengate FC",
)

FIRST_NAMES = (
    "Adrian", "Alexis", "Anton", "Arne", "Bastian", "Bruno", "Carlo", "Cedric", "Damian", "Dario", "Elias",
    "Emil", "Enzo", "Erik", "Fabian", "Felix", "Filip", "Florian", "Gustav", "Henrik", "Hugo", "Ilyas",
    "Isak", "Ivo", "Jakob", "Jannik", "Jonas", "Julian", "Kasper", "Kilian", "Lennart", "Leo", "Levin",
    "Linus", "Luca", "Malik", "Marek", "Mateo", "Maxim", "Milan", "Moritz", "Nael", "Niklas", "Noah", "Ole",
    "Oskar", "Pavel", "Quentin", "Rafael", "Remy", "Robin", "Samir", "Simon", "Stefan", "Tarik", "Theo",
    "Tiago", "Tobias", "Valentin", "Viktor", "Yann", "Yusuf",
)  # fmt: skip

_STEMS = (
    "Aldr", "Barv", "Belm", "Brond", "Calv", "Corm", "Dalv", "Dorm", "Elv", "Fald", "Farn", "Gald", "Grend",
    "Halv", "Hest", "Ild", "Jarv", "Jeld", "Kalv", "Korv", "Lann", "Lorv", "Mard", "Melv", "Nard", "Norv",
    "Ostr", "Pelv", "Quand", "Rald", "Rosk", "Sald", "Serv", "Tarm", "Tolv", "Ulv", "Vand", "Vest", "Wald",
    "Zarn",
)  # fmt: skip

_ENDINGS = (
    "abyn", "aire", "amond", "anek", "areth", "askin", "avec", "egund", "elion", "embar", "enquist", "erath",
    "estane", "ibor", "idane", "imund", "irelle", "ivane", "odrik", "okar", "olund", "ondo", "orfin", "osca",
    "ovar", "umsen", "undel", "uvier",
)  # fmt: skip

SURNAMES = tuple(stem + ending for ending in _ENDINGS for stem in _STEMS)
"""1,120 surnames, more than any league needs, so that no two players share one."""
