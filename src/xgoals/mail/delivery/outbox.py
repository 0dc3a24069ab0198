"""The folder of mails that no server takes."""

import re
from pathlib import Path

from xgoals.store.notifications import Mail


def write_to_outbox(mail: Mail, outbox: Path) -> Path:
    """Write a mail as a file that any mail program opens; the same mail is the same file."""
    outbox.mkdir(parents=True, exist_ok=True)
    outcome = f"{mail.matter}__{mail.state_key}" if mail.state_key else mail.matter
    name = re.sub(r"[^A-Za-z0-9.+-]", "_", f"{mail.run_id}.{mail.kind}.{outcome}"[:150])
    path = outbox / f"{name}.{mail.message_id[1:9]}.eml"
    unfinished = path.with_suffix(".part")
    unfinished.write_bytes(mail.message)
    unfinished.replace(path)
    return path
