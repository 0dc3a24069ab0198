"""Who is told of what, and which addresses are refused at the entrance."""

import pytest

from xgoals.domain.errors import SettingsError
from xgoals.settings import load_settings


@pytest.fixture
def from_file(tmp_path, monkeypatch):
    def load(text):
        path = tmp_path / "xgoals.toml"
        path.write_text(text, encoding="utf-8")
        monkeypatch.setenv("XGOALS_CONFIG", str(path))
        return load_settings().email

    return load


def test_a_step_before_a_kind_before_everybody(from_file):
    email = from_file(
        """
        [email]
        recipients = ["all@x.org", "all@x.org"]
        [email.recipients_by_kind]
        failure = ["ops@x.org"]
        digest = ["analysts@x.org", "coach@x.org"]
        health = []
        [email.recipients_by_step]
        ingest = ["feeds@x.org"]
        """
    )
    assert email.recipients_of("failure", "ingest") == ("feeds@x.org",)
    assert email.recipients_of("warning", "ingest") == ("feeds@x.org",)
    assert email.recipients_of("failure", "train") == ("ops@x.org",)
    assert email.recipients_of("warning", "train") == ("all@x.org",)
    assert email.recipients_of("warning") == ("all@x.org",)
    assert email.recipients_of("digest") == ("analysts@x.org", "coach@x.org")
    assert email.recipients_of("health") == ()


def test_settings_of_before_go_on_working(from_file):
    email = from_file(
        """
        [email]
        recipients = ["a@x.org"]
        [email.recipients_by_step]
        ingest = ["feeds@x.org"]
        """
    )
    assert email.recipients_of("failure", "ingest") == ("feeds@x.org",)
    assert {email.recipients_of(kind) for kind in ("digest", "health", "failure", "warning")} == {
        ("a@x.org",)
    }


@pytest.mark.parametrize(
    "address",
    ["a@b.org\\r\\nBcc: c@d.org", "a@b.org\\n", "nobody", "", "a@b.org, c@d.org", "@x.org", "Ä@x.org", "a b@x.org",
     "a@b.org ", "<a@b.org>"],
)  # fmt: skip
@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("email.sender", 'sender = "{}"'),
        ("email.recipients.0", 'recipients = ["{}"]'),
        ("email.recipients_by_kind.digest.0", 'recipients_by_kind = {{digest = ["{}"]}}'),
        ("email.recipients_by_step.ingest.1", 'recipients_by_step = {{ingest = ["a@b.org", "{}"]}}'),
    ],
)
def test_what_is_no_address_is_refused_by_the_name_of_its_key(from_file, key, value, address):
    with pytest.raises(SettingsError, match="is not an e-mail address") as caught:
        from_file("[email]\n" + value.format(address))
    assert caught.value.what.startswith(f"{key}: ")
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('recipients_by_step = {goalkeeping = ["a@b.org"]}', "email.recipients_by_step.goalkeeping"),
        ('recipients_by_kind = {gossip = ["a@b.org"]}', "email.recipients_by_kind.gossip"),
        ("recipients = []", "email.recipients"),
        ("recipients_by_step = {ingest = []}", "email.recipients_by_step.ingest"),
        ("recipients_by_kind = {failure = []}", "nobody would hear of a failure"),
        ("recipients_by_kind = {warning = []}", "nobody would hear of a warning"),
        ('language = "fr"', "email.language"),
        ("patience_s = 0", "email.patience_s"),
    ],
)
def test_nonsense_is_refused(from_file, text, said):
    with pytest.raises(SettingsError) as caught:
        from_file(f"[email]\n{text}")
    assert said in str(caught.value)


def test_links_start_with_the_address_of_the_settings(from_file):
    from_file('[ui]\nbase_url = "https://xg.example.org/"\n')
    assert load_settings().ui.address == "https://xg.example.org"
    from_file("[ui]\nport = 8123\n")
    assert load_settings().ui.address == "http://127.0.0.1:8123"
    for wrong in ("javascript:alert(1)", "xg.example.org", "https://", "https://x.org/?a=b"):
        with pytest.raises(SettingsError, match=r"ui\.base_url.*is not a web address"):
            from_file(f'[ui]\nbase_url = "{wrong}"\n')
