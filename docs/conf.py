"""How Sphinx builds the documentation: `make docs`, with every warning an error."""

from __future__ import annotations

import inspect
import tomllib
from pathlib import Path

from sphinx.application import Sphinx

from cdk_cleanrooms import IdNamespaceAssociation

project = "cdk-cleanrooms"
copyright = "the authors of cdk-cleanrooms"
release = tomllib.loads(
    Path(__file__).parents[1].joinpath("pyproject.toml").read_text(encoding="utf-8")
)["project"]["version"]

extensions = ["myst_parser", "sphinx.ext.autodoc", "sphinx.ext.napoleon"]
exclude_patterns = ["README.md"]

# The pages are Markdown that also reads well where a repository is browsed.
myst_enable_extensions = ["alert"]
myst_heading_anchors = 3
myst_links_external_new_tab = False

# The docstrings write code in single backquotes, as Markdown does.
default_role = "code"
autodoc_class_signature = "mixed"
autodoc_member_order = "bysource"
autodoc_typehints = "description"
autodoc_typehints_description_target = "documented"
autodoc_typehints_format = "short"
maximum_signature_line_length = 72
python_display_short_literal_types = True
toc_object_entries_show_parents = "hide"
python_use_unqualified_type_names = True

# A reference that leads nowhere is a warning. Those to other packages would need their indexes
# from the network.
nitpicky = True
nitpick_ignore_regex = [(r"py:.*", r"(aws_cdk|collections|constructs|jsii|typing)\..*")]

html_theme = "furo"
html_title = f"cdk-cleanrooms {release}"
html_static_path = ["_static"]
html_css_files = ["site.css"]
html_copy_source = False
html_show_sourcelink = False
html_show_sphinx = False


# The class of a construct's class hides its arguments behind `*args, **kwargs`.
_self, *_arguments = inspect.signature(
    IdNamespaceAssociation.__init__, eval_str=True
).parameters.values()
IdNamespaceAssociation.__signature__ = inspect.Signature(_arguments)


def _without_signature_of_interface(
    _app: Sphinx, _what: str, _name: str, obj: object, *_: object
) -> tuple[str, None] | None:
    return ("", None) if getattr(obj, "_is_protocol", False) else None


def setup(app: Sphinx) -> None:
    """Connect to Sphinx: an interface is nothing to call, and shows no arguments."""
    app.connect("autodoc-process-signature", _without_signature_of_interface)
