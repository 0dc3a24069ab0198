"""What people were told of a match beside what is published now, worked out by hand."""

from hypothesis import given
from hypothesis import strategies as st

from xgoals.store.match_news import PublishedShot, changed_shots


def shot(is_goal=False, xg=0.2, minute=10, period=1):
    return PublishedShot(is_goal, xg, "A. Player", "Club", period, minute)


def test_a_goal_a_number_a_withdrawn_and_a_new_shot_are_changes_in_the_order_of_the_match():
    told = {"goal": shot(minute=50, period=2), "xg": shot(xg=0.244), "gone": shot(minute=5), "same": shot()}
    now = {
        "goal": shot(is_goal=True, minute=50, period=2),
        "xg": shot(xg=0.25),
        "new": shot(minute=80, period=2),
        "same": shot(),
    }
    assert changed_shots(told, now) == (
        (told["gone"], None),
        (told["xg"], now["xg"]),
        (told["goal"], now["goal"]),
        (None, now["new"]),
    )


def test_what_nobody_can_read_is_no_news():
    assert changed_shots({"a": shot(xg=0.2404)}, {"a": shot(xg=0.2396)}) == ()
    assert changed_shots({"a": shot()}, {"a": shot()._replace(player="A. P. Player")}) == ()


shots = st.dictionaries(
    st.sampled_from("abcdef"), st.builds(shot, st.booleans(), st.floats(0, 1), st.integers(0, 95)), max_size=6
)


@given(told=shots, now=shots)
def test_both_ways_tell_of_the_same_shots_and_nothing_of_none(told, now):
    assert {(new, old) for old, new in changed_shots(told, now)} == set(changed_shots(now, told))
    assert changed_shots(now, now) == ()
