"""Read a page as a browser would: elements by tag or by their ``data-test`` hook."""

import re

from lxml import html as lxml_html


class Page:
    def __init__(self, source: str) -> None:
        self.source = source
        self.root = lxml_html.document_fromstring(source)
        for style in self.root.xpath("//style"):
            style.text = ""

    @property
    def text(self) -> str:
        return squeezed(self.root.text_content())

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
