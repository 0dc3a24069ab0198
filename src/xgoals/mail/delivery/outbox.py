"""The folder of mails that no server takes."""

import re
from pathlib import Path

from xgoals.store.notifications import Mail
from xgoals.whole_files import whole_file


def write_to_outbox(mail: Mail, outbox: Path) -> Path:
    """Write a mail as a file that any mail program opens; the same mail is the same file.

    Raises
    ------
    UnwritableError
        If the disk is full, or the folder may not be written.
    """
    outcome = f"{mail.matter}__{mail.state_key}" if mail.state_key else mail.matter
    name = re.sub(r"[^A-Za-z0-9.+-]", "_", f"{mail.run_id}.{mail.kind}.{outcome}"[:150])
    path = outbox / f"{name}.{mail.message_id[1:9]}.eml"
    with whole_file(path) as unfinished:
        unfinished.write_bytes(mail.message)
    return path
