"""The configuration of Sphinx. `make docs` builds the documentation, and fails on warnings."""

from __future__ import annotations

import inspect
import re
import sys
import tomllib
from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.errors import PycodeError
from sphinx.pycode import ModuleAnalyzer
from sphinx.pycode.parser import Parser

import cdk_cleanrooms

project = "cdk-cleanrooms"
copyright = "the authors of cdk-cleanrooms"
release = tomllib.loads(
    Path(__file__).parents[1].joinpath("pyproject.toml").read_text(encoding="utf-8")
)["project"]["version"]

extensions = ["myst_parser", "sphinx.ext.autodoc", "sphinx.ext.napoleon", "sphinx_copybutton"]
exclude_patterns = ["README.md"]  # index.rst includes it.
smartquotes_action = "D"  # Dashes only. Quotes are those of Python.

# The pages are Markdown that is also readable on the repository's web page.
myst_enable_extensions = ["alert"]
myst_heading_anchors = 3
myst_links_external_new_tab = False

# Docstrings use single backquotes for code, as in Markdown.
default_role = "code"
autodoc_class_signature = "mixed"
autodoc_member_order = "bysource"
autodoc_typehints = "both"
autodoc_typehints_description_target = "documented"
autodoc_typehints_format = "short"
maximum_signature_line_length = 72
python_display_short_literal_types = True
toc_object_entries_show_parents = "hide"
python_use_unqualified_type_names = True

# A broken reference is a warning. References to other packages are ignored, because resolving them
# would need the network.
nitpicky = True
nitpick_ignore_regex = [
    (r"py:.*", r"(aws_cdk|collections|constructs|jsii|pathlib|typing)\..*"),
    # Classes of the CDK that are imported for type checkers alone, and so have no path here.
    (r"py:class", r"IQueue|Schedule|ScheduleExpression"),
    # The type variable of a member is of no use to readers.
    (r"py:class", r"cdk_cleanrooms\.clean_rooms\.member\.Account"),
]

# The copy button of a console block leaves out the prompts. Output blocks have no button.
copybutton_exclude = ".linenos, .gp, .go"
copybutton_selector = "div:not(.highlight-text) > div.highlight > pre"

html_theme = "furo"
html_use_index = False
html_title = f"cdk-cleanrooms {release}"
html_static_path = ["_static"]
html_css_files = ["site.css"]
html_copy_source = False
html_show_sourcelink = False
html_show_sphinx = False

# The signatures of constructs contain types as text, for which Sphinx could not create references.
for _class in (getattr(cdk_cleanrooms, name) for name in cdk_cleanrooms.__all__):
    if "__signature__" in vars(_class):
        _of_init = inspect.signature(_class.__init__, eval_str=True)
        _class.__signature__ = inspect.Signature([*_of_init.parameters.values()][1:])

# Sphinx would look for comments on inherited members in the source of other packages, such as the
# CDK, which has tens of thousands of lines in a module, and none. It would also look for the places
# of definitions, which only links to source code need.
for _name in [name for name in sys.modules if not name.startswith(cdk_cleanrooms.__name__)]:
    ModuleAnalyzer.cache["module", _name] = PycodeError("another package")
Parser.parse_definition = lambda _: None  # type: ignore[method-assign]


def _without_signature_of_interface(
    _app: Sphinx, _what: str, _name: str, obj: object, *_: object
) -> tuple[str, None] | None:
    return ("", None) if getattr(obj, "_is_protocol", False) else None


def _show_files(_app: Sphinx, page: str, source: list[str]) -> None:
    """On the page of examples, replace each paragraph that is a link to a file with the file.

    On the repository's web page, readers use the link instead.
    """
    if page == "examples":
        source[0] = re.sub(
            r"^\[[^]]*\]\((\.\./examples/[^)]*)\)$",
            r"```{literalinclude} \1\n```",
            source[0],
            flags=re.MULTILINE,
        )


def _name_columns_in_cells(_app: Sphinx, document: nodes.document, _page: str) -> None:
    """Add the column's name to each cell of a table, for the layout on narrow screens."""
    for table in document.findall(nodes.tgroup):
        head, body = table.next_node(nodes.thead), table.next_node(nodes.tbody)
        if head and body:
            names = [entry.astext() for entry in head.findall(nodes.entry)]
            for row in body.findall(nodes.row):
                for name, entry in zip(names, row.findall(nodes.entry), strict=True):
                    if name:
                        entry.insert(0, nodes.inline("", f"{name} ", classes=["column"]))


def _make_the_sidebar_from_titles(
    app: Sphinx, _page: str, _template: str, context: dict[str, Any], _document: object
) -> None:
    """Leave the headings of all pages out before the sidebar of a page is made, and not after that.

    The sidebar shows only titles. To copy hundreds of headings for each page takes seconds.
    """
    make = context["toctree"]

    def toctree(**options: Any) -> str:
        kept = app.env.metadata
        app.env.metadata = {page: {**kept[page], "tocdepth": 1} for page in app.env.found_docs}
        made: str = make(**options)
        app.env.metadata = kept
        return made

    context["toctree"] = toctree


def setup(app: Sphinx) -> None:
    """Register the functions above with Sphinx."""
    app.connect("autodoc-process-signature", _without_signature_of_interface)
    app.connect("doctree-resolved", _name_columns_in_cells)
    app.connect("html-page-context", _make_the_sidebar_from_titles, priority=400)  # Furo has 500.
    app.connect("source-read", _show_files)
