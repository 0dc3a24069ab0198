"""How providers are called, and credited."""

from collections.abc import Iterator, Mapping

from xgoals.feeds import FEEDS


class _Sources(Mapping[str, str]):
    """Asked of the feeds when a page is written: those of other packages are loaded for it."""

    def __getitem__(self, provider: str) -> str:
        owner = FEEDS[provider].about.owner
        if owner is None:
            raise KeyError(provider)
        return owner

    def __iter__(self) -> Iterator[str]:
        return (name for name in FEEDS if FEEDS[name].about.owner)

    def __len__(self) -> int:
        return sum(1 for _ in self)


SOURCES: Mapping[str, str] = _Sources()
"""Who is to be named as the source of a feed's data."""


def credit_of(provider: str) -> str:
    """How the owner of a provider's data is named below what is made of them; of an unknown one by its name."""
    about = FEEDS[provider].about if provider in FEEDS else None
    return (about and (about.credit or about.owner)) or provider
