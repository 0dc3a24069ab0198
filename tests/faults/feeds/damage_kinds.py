"""All kinds of damage by feed."""

import damage_bounds
import damage_meaning
from damage import BYTES, FILES, Damage, of_bytes
from damage_json import JSON
from damage_parquet import PARQUET
from damage_xml import XML

_JSON = {**JSON, **damage_bounds.JSON}
_XML = {**XML, **damage_bounds.XML}
_OWN = {
    "statsbomb": {**_JSON, **damage_meaning.STATSBOMB},
    "wyscout": _JSON,
    "statsperform": {**JSON, **_XML},
    "opta": _XML,
    "dfl": {**_XML, **damage_meaning.DFL},
    "archive": PARQUET,
}
UNTOLD = frozenset({
    "a file lost", "two files exchanged", "an element lost", "an element renamed", "an element commented out",
    "a key lost", "items in any order", "items twice", "any value", "a namespace", "one row",
})  # fmt: skip
"""After which nobody can know that something is missing: the rest is a whole file."""


def kinds_of(feed: str) -> dict[str, Damage]:
    """All kinds of damage that files of a feed can suffer."""
    return {**{name: of_bytes(change) for name, change in BYTES.items()}, **FILES, **_OWN[feed]}
