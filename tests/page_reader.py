"""Read a page as a tree of elements, with the standard library alone."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser

_VOID = {"meta", "link", "img", "br", "hr", "input", "col", "area", "base", "embed", "source"}


@dataclass
class Element:
    """An element with its attributes and what is in it: elements and texts."""

    tag: str
    attributes: dict[str, str]
    content: list = field(default_factory=list)

    def walk(self) -> Iterator["Element"]:
        """Give the element itself and all below it, in the order of the page."""
        yield self
        for part in self.content:
            if isinstance(part, Element):
                yield from part.walk()

    def all(self, *tags: str, css: str = "") -> list["Element"]:
        """Return the elements below of these tags (or any) and of this class (or any)."""
        return [
            one
            for one in self.walk()
            if one is not self
            and (not tags or one.tag in tags)
            and (not css or css in one.attributes.get("class", "").split())
        ]

    @property
    def text(self) -> str:
        """The text in it, spaces folded; of a drawing, a style and a script nothing."""
        return " ".join("".join(self._texts()).split())

    def _texts(self) -> Iterator[str]:
        for part in self.content:
            if isinstance(part, str):
                yield part
            elif part.tag not in ("svg", "style", "script"):
                yield from part._texts()


class _Reader(HTMLParser):
    def __init__(self):
        super().__init__(convert_charrefs=True)
        self.open = [Element("page", {})]

    def handle_starttag(self, tag, attrs):
        element = Element(tag, {name: value or "" for name, value in attrs})
        self.open[-1].content.append(element)
        if tag not in _VOID:
            self.open.append(element)

    def handle_startendtag(self, tag, attrs):
        self.open[-1].content.append(Element(tag, {name: value or "" for name, value in attrs}))

    def handle_endtag(self, tag):
        assert self.open[-1].tag == tag, f"</{tag}> closes <{self.open[-1].tag}>"
        self.open.pop()

    def handle_data(self, data):
        self.open[-1].content.append(data)


def read_page(text: str) -> Element:
    """Return the page as a tree; an element that is not closed in its place is refused."""
    reader = _Reader()
    reader.feed(text)
    reader.close()
    assert len(reader.open) == 1, f"<{reader.open[-1].tag}> is never closed"
    return reader.open[0]
