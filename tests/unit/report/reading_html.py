"""Read a page as a browser would: elements by tag or by their ``data-test`` hook."""

import base64
import hashlib
import re

from lxml import html as lxml_html


class Page:
    def __init__(self, source: str) -> None:
        self.source = source
        self.root = lxml_html.document_fromstring(source)
        scripts = self.root.xpath("//script[not(@type='application/json')]")
        self.scripts = [script.text or "" for script in scripts]
        self.styles = [style.text or "" for style in self.root.xpath("//style")]
        for element in (*scripts, *self.root.xpath("//style")):
            element.text = ""

    @property
    def text(self) -> str:
        return squeezed(self.root.text_content())

    @property
    def policy(self) -> dict[str, list[str]]:
        """The page's content security policy: directive to its sources."""
        (content,) = self.root.xpath("//meta[@http-equiv='Content-Security-Policy']/@content")
        return {name: sources for name, *sources in (part.split() for part in content.split(";"))}

    @property
    def foreign_scripts(self) -> list[str]:
        """Scripts that the policy does not name by their hash."""
        return [text for text in self.scripts if hashed(text) not in self.policy["script-src"]]

    def hook(self, name: str):
        """The elements with this ``data-test``."""
        return self.root.xpath(f"//*[@data-test='{name}']")

    def said(self, name: str) -> str:
        """The text of the one element with this hook."""
        (element,) = self.hook(name)
        return squeezed(element.text_content())

    def tags(self, name: str):
        return self.root.xpath(f"//{name}")


def squeezed(text: str) -> str:
    return re.sub(r"[ \n]+", " ", text).strip()


def hashed(text: str) -> str:
    """A script or style sheet as a policy names it."""
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"
