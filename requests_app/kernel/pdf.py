"""PDF from a Typst template and plain data: no browser, no system library, tagged for screen readers.

A template reads its data with `json(bytes(sys.inputs.content))`. Texts arrive as strings, so nothing in them is markup.
"""

import json
import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any, cast

import typst
from django.conf import settings
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from requests_app.kernel.errors import DomainError

# Libertinus is part of Typst and writes Latin, Cyrillic and Greek; the others are used where the machine has them.
FONTS = ["Libertinus Serif", "Noto Serif CJK SC", "Noto Sans CJK SC", "Source Han Serif SC", "DejaVu Sans"]
_CHINESE = re.compile("[\u2e80-\u9fff\uac00-\ud7ff\uf900-\ufaff]")


def typeset(template: str, content: Mapping[str, Any]) -> bytes:
    """`template` below the folder of templates, filled with `content` (what JSON can say), in the reader's language.

    DomainError when the text has Chinese characters and the machine has no font for them.
    """
    text = json.dumps(content, ensure_ascii=False)
    fonts = _fonts()
    present = [name for name in FONTS if name in fonts.families()]
    if _CHINESE.search(text) and not any("SC" in name for name in present):
        raise DomainError(
            _("This server has no font with Chinese characters. Its administrator installs one: Noto CJK.")
        )
    folder = Path(settings.BASE_DIR) / "templates"
    compiler = typst.Compiler(
        folder / template,
        root=folder,
        font_paths=fonts,
        sys_inputs={"content": text, "fonts": json.dumps(present), "language": (get_language() or "en")[:2]},
    )
    return cast(bytes, compiler.compile(format="pdf"))  # only pictures come as a list of pages


@cache
def _fonts() -> typst.Fonts:
    """Those of the machine, looked for once: it takes longer than a page."""
    return typst.Fonts()
