"""The states of a watched inbox: the arrows of docs/scheduling.md, all of them and no others, and how long it waits."""

import re
from collections.abc import Iterator
from copy import copy
from datetime import UTC, datetime, timedelta

import pytest

from reading_docs import diagram_below
from xgoals.orchestration.inbox_states import Change, InboxMonitor, InboxState

SETTLE_S = 15.0
START = datetime(2026, 8, 21, 20, 30, tzinfo=UTC)


class Inbox:
    """A monitor with clocks that only a test moves."""

    def __init__(self) -> None:
        self.monitor, self.now_s = InboxMonitor(SETTLE_S), 0.0

    @property
    def state(self) -> InboxState:
        return self.monitor.state(self.now_s, START + timedelta(seconds=self.now_s))

    def see(self, snapshot: str | None) -> list[Change]:
        return self.monitor.observe(snapshot, self.now_s)

    def wait(self, seconds: float) -> None:
        self.now_s += seconds

    def judge(self, again_in_s: float | None = None) -> None:
        again = None if again_in_s is None else START + timedelta(seconds=self.now_s + again_in_s)
        self.monitor.note_judged(again)

    def postpone(self, seconds: float = 60.0) -> None:
        self.monitor.postpone(self.now_s + seconds)

    def copy(self) -> "Inbox":
        other = copy(self)
        other.monitor = copy(self.monitor)
        return other


def drawn() -> set[tuple[str, str]]:
    """The arrows of the page; whatever is watched may become unreachable and come back as it was left."""
    diagram = diagram_below("scheduling.md", "The states of an inbox")
    arrows = set(re.findall(r"^\s+(\S+) --> ([^\s:]+):?", diagram, re.MULTILINE))
    inside = {state for arrow in arrows for state in arrow} - {"[*]", "watched", "unreachable"}
    arrows -= {("[*]", "watched"), ("[*]", "empty"), ("watched", "unreachable"), ("unreachable", "watched")}
    due = {"due"}  # is judged at once: nothing is seen of it meanwhile
    return arrows | {(s, "unreachable") for s in inside - due} | {("unreachable", s) for s in inside}


def nexts(inbox: Inbox) -> Iterator[Inbox]:
    """The inbox after each thing that may happen next."""
    if inbox.state is InboxState.DUE:
        events = [Inbox.judge, lambda i: i.judge(100), Inbox.postpone]
    else:
        looks = [lambda i, s=snapshot: i.see(s) for snapshot in ("a", "b", "", None)]
        events = looks + [lambda i, t=seconds: i.wait(t) for seconds in (SETTLE_S, 60, 100)]
    for happens in events:
        after = inbox.copy()
        happens(after)
        yield after


def test_the_arrows_of_the_page_are_those_that_can_be_walked():
    walked, inboxes = set(), [Inbox()]
    for _ in range(7):
        pairs = [(inbox, after) for inbox in inboxes for after in nexts(inbox)]
        walked |= {(str(before.state), str(after.state)) for before, after in pairs}
        known = {}
        for _, after in pairs:  # of those that are alike one is enough
            monitor = after.monitor
            key = (after.state, monitor.seen, monitor.judged, monitor.is_reachable, monitor.check_again_at)
            known.setdefault((*key, monitor.postponed_until_s, after.now_s, monitor.changed_at_s), after)
        inboxes = list(known.values())
    assert {(before, after) for before, after in walked if before != after} == drawn()
    assert {state for arrow in drawn() for state in arrow} == set(InboxState)


@pytest.fixture
def inbox() -> Inbox:
    return Inbox()


def test_files_have_arrived_when_nothing_has_changed_for_long_enough(inbox):
    assert inbox.state is InboxState.EMPTY
    assert inbox.see("a") == [Change.ARRIVING]
    inbox.wait(SETTLE_S - 1)
    assert inbox.see("ab") == []
    inbox.wait(SETTLE_S - 1)
    assert inbox.state is InboxState.SETTLING
    inbox.wait(1)
    assert inbox.state is InboxState.DUE
    inbox.judge()
    assert inbox.state is InboxState.JUDGED
    assert inbox.see("ab") == []
    assert inbox.see("abc") == [Change.ARRIVING]
    assert inbox.state is InboxState.SETTLING


def test_time_alone_makes_it_due_again(inbox):
    inbox.see("a")
    inbox.wait(SETTLE_S)
    inbox.judge(again_in_s=900)
    inbox.wait(899)
    assert inbox.state is InboxState.JUDGED
    inbox.wait(1)
    assert inbox.state is InboxState.DUE


def test_trouble_postpones_and_what_comes_meanwhile_does_not_hurry_it(inbox):
    inbox.see("a")
    inbox.wait(SETTLE_S)
    inbox.postpone(60)
    inbox.see("b")
    assert inbox.state is InboxState.SETTLING
    inbox.wait(SETTLE_S)
    assert inbox.state is InboxState.POSTPONED
    inbox.wait(60 - SETTLE_S)
    assert inbox.state is InboxState.DUE
    inbox.judge()
    assert inbox.state is InboxState.JUDGED


def test_an_inbox_that_vanishes_is_told_once_and_is_back_as_it_was_left(inbox):
    inbox.see("a")
    inbox.wait(SETTLE_S)
    inbox.judge()
    assert inbox.see(None) == [Change.VANISHED]
    assert inbox.see(None) == []
    assert inbox.state is InboxState.UNREACHABLE
    assert inbox.see("a") == [Change.BACK]
    assert inbox.state is InboxState.JUDGED
    inbox.see(None)
    assert inbox.see("b") == [Change.BACK, Change.ARRIVING]


def test_what_leaves_is_not_judged(inbox):
    inbox.see("a")
    inbox.see("")
    inbox.wait(SETTLE_S)
    assert inbox.state is InboxState.EMPTY
