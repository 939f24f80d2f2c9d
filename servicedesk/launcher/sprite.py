"""One SVG file with the icons that the pages use, drawn from the icon package. Standard library only."""

from pathlib import Path
from xml.etree import ElementTree

SVG = "http://www.w3.org/2000/svg"
DRAWN = {"path", "circle", "rect", "line", "polyline", "polygon", "ellipse"}
OUTLINES = Path("icons", "outline")


def build_sprite(*, names: Path, package: Path, target: Path) -> int:
    """Write `target` with one <symbol> for each line of `names`; answer how many there are.

    `package` is the folder of the icon package. A name it does not hold is a ValueError that says so,
    and nothing is written.
    """
    wanted = sorted({line.strip() for line in names.read_text().splitlines() if line.strip()})
    missing = [name for name in wanted if not _drawing(package, name).is_file()]
    if missing:
        raise ValueError(f"{names} asks for icons that the package does not have: {', '.join(missing)}.")
    ElementTree.register_namespace("", SVG)
    sprite = ElementTree.Element(f"{{{SVG}}}svg")
    sprite.extend(_symbol(name, _drawing(package, name)) for name in wanted)
    target.parent.mkdir(parents=True, exist_ok=True)
    unfinished = target.with_suffix(".new")
    unfinished.write_bytes(ElementTree.tostring(sprite))
    unfinished.replace(target)
    return len(wanted)


def _drawing(package: Path, name: str) -> Path:
    return package / OUTLINES / f"{name}.svg"


def _symbol(name: str, drawing: Path) -> ElementTree.Element:
    """The strokes of one icon, without the invisible frame that the package draws around each."""
    symbol = ElementTree.Element(f"{{{SVG}}}symbol", {"id": name, "viewBox": "0 0 24 24"})
    for shape in ElementTree.parse(drawing).getroot():  # noqa: S314 - a package whose content is locked by hash
        if shape.tag.removeprefix(f"{{{SVG}}}") in DRAWN and shape.get("stroke") != "none":
            shape.tail = None
            symbol.append(shape)
    return symbol
