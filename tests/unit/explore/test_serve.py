"""Where the explorer listens: on loopback, on a port that is free."""

import socket

import pytest

from xgoals.domain.errors import SettingsError
from xgoals.explore.serve import _listening


def test_it_listens_on_loopback_alone_on_a_free_port_or_on_the_one_that_is_asked_for():
    with _listening(None) as first, _listening(None) as second:
        addresses = [of.getsockname() for of in (first, second)]
    assert {address for address, _ in addresses} == {"127.0.0.1"}
    assert len({port for _, port in addresses}) == 2
    with _listening(addresses[0][1]) as again:
        assert again.getsockname() == addresses[0]


def test_a_port_that_is_taken_is_told_with_what_to_do():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(SettingsError, match=f"port {port} cannot be had.*Leave --port out"):
            _listening(port)
