"""All kinds of damage by feed."""

from damage import BYTES, FILES, Damage, of_bytes
from damage_json import JSON
from damage_xml import XML


def kinds_of(feed: str) -> dict[str, Damage]:
    """All kinds of damage that files of a feed can suffer."""
    own = {"statsbomb": JSON, "wyscout": JSON, "statsperform": {**JSON, **XML}}.get(feed, XML)
    return {**{name: of_bytes(change) for name, change in BYTES.items()}, **FILES, **own}
