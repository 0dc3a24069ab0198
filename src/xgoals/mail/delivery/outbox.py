"""The folder of mails that no server takes."""

import re

from xgoals.storage import OUTBOX, Storage
from xgoals.store.notifications import Mail


def write_to_outbox(mail: Mail, storage: Storage) -> str:
    """Write a mail as a file that any mail program opens; the same mail is the same file. Its path in the storage.

    Raises
    ------
    StoreError
        If it cannot be written.
    """
    outcome = f"{mail.matter}__{mail.state_key}" if mail.state_key else mail.matter
    name = re.sub(r"[^A-Za-z0-9.+-]", "_", f"{mail.run_id}.{mail.kind}.{outcome}"[:150]).lstrip(".")
    path = f"{OUTBOX}/{name}.{mail.message_id[1:9]}.eml"
    storage.write(path, mail.message)
    return path
