"""Settings of the documentation site: `make docs` builds it, offline, into site/html/."""

from __future__ import annotations

import dataclasses
import inspect
import re
from importlib import import_module
from typing import TYPE_CHECKING, Any, get_type_hints

from docutils import nodes
from sphinx.addnodes import pending_xref
from sphinx.util.rst import escape

import redescribe

if TYPE_CHECKING:
    from sphinx.application import Sphinx

project = "redescribe"
author = "The redescribe developers"
version = release = redescribe.__version__

extensions = ["myst_nb", "sphinx.ext.autodoc", "sphinx.ext.napoleon"]
# The page of decisions is shown by decisions/index.md.
exclude_patterns = ["decisions/README.md", "data"]
myst_heading_anchors = 4
# Notebooks are run again when they or the site are new.
nb_execution_mode = "cache"
nb_execution_raise_on_error = True
nb_execution_timeout = 300
smartquotes = False
nitpicky = True

html_theme = "furo"
html_title = f"redescribe {release}"
html_copy_source = False
html_show_sphinx = False
html_show_copyright = False
html_domain_indices = False

# Single backquotes of docstrings: a link where a public class or a dotted name is meant.
default_role = "name"
autodoc_member_order = "bysource"
autodoc_default_options = {"members": True}
autodoc_typehints_format = "short"
napoleon_google_docstring = False
napoleon_use_ivar = True
napoleon_use_rtype = False
add_module_names = False
python_use_unqualified_type_names = True

# A shape such as (n_entities,) names no attribute.
suppress_warnings = ["ref.python"]

# The package of this name is callable and stands in the place of the function.
redescribe.capture = import_module("redescribe.capture.capture").capture
# All public names: they are loaded when they are asked for.
PUBLIC: dict[str, str] = {}
for package in (redescribe, redescribe.flint, redescribe.plot):
    for public in package.__all__:
        getattr(package, public)
        PUBLIC.setdefault(public, f"{package.__name__}.{public}")
        PUBLIC[f"{package.__name__}.{public}"] = f"{package.__name__}.{public}"


def name_role(
    _role: str, rawtext: str, text: str, _line: int, inliner: Any, **_: Any
) -> tuple[list[nodes.Node], list[nodes.Node]]:
    """Return code, with a link if it is a public class or a full public name.

    Other lower-case words are left alone: most are parameters that share a function's name.
    """
    literal = nodes.literal(rawtext, text, classes=["code"])
    is_name = text[:1].isupper() or "." in text
    if not is_name or text.removesuffix("()") not in PUBLIC:
        return [literal], []
    link = pending_xref(
        rawtext,
        literal,
        refdomain="py",
        reftype="obj",
        reftarget=PUBLIC[text.removesuffix("()")],
        refdoc=inliner.document.settings.env.current_document.docname,
        refexplicit=True,
        refwarn=True,
    )
    return [link], []


def resolve(app: Sphinx, env: Any, node: Any, content: nodes.Node) -> nodes.Node | None:
    """Link the annotations in signatures to public names; leave other types as text.

    Annotations are names of the module that defines a function, not full names, and most
    types are of other projects. What is written as a reference in a page still warns.
    """
    if node.get("reftype") not in {"class", "obj", "exc", "data"}:
        return None
    target = PUBLIC.get(node["reftarget"].rsplit(".", 1)[-1])
    if target is not None:
        domain = env.domains["py"]
        arguments = (env, node["refdoc"], app.builder, "obj", target, node, content)
        return domain.resolve_xref(*arguments)
    # Annotations are references to classes, but for None.
    is_annotation = node["reftype"] == "class" or node["reftarget"] == "None"
    return content if is_annotation else None


def keep_bars(*arguments: Any) -> None:
    """Escape the bars of sizes, |A|, which are substitutions in reStructuredText."""
    lines: list[str] = arguments[-1]
    is_doctest = False
    for i, line in enumerate(lines):
        is_doctest = line.strip().startswith(">>>") or (is_doctest and bool(line.strip()))
        if not is_doctest:
            parts = re.split("(`[^`]*`)", line)
            parts[::2] = [part.replace("|", r"\|") for part in parts[::2]]
            lines[i] = "".join(parts)


def plain_signature(*arguments: Any) -> tuple[str, str | None] | None:
    """Leave bounds and meanings out of signatures; `list_parameters` lists them below."""
    _, _, _, value, _, signature, returned = arguments
    if not signature or "Annotated[" not in signature:
        return None
    whole = inspect.signature(value)
    bare = [
        parameter.replace(annotation=inspect.Parameter.empty)
        for parameter in whole.parameters.values()
    ]
    shown = whole.replace(parameters=bare, return_annotation=inspect.Signature.empty)
    return str(shown), returned


def list_parameters(*arguments: Any) -> None:
    """List the meanings that parameter classes give with their fields."""
    _, what, _, value, _, lines = arguments
    if what != "class" or not dataclasses.is_dataclass(value):
        return
    texts = {
        name: item.documentation
        for name, hint in get_annotations(value).items()
        for item in getattr(hint, "__metadata__", ())
        if hasattr(item, "documentation")
    }
    lines.extend(["", *(f":param {n}: {escape(text)}" for n, text in texts.items()), ""])


def get_annotations(owner: type) -> dict[str, Any]:
    """Return the hints of a class; none where they are names for type checkers only."""
    try:
        return get_type_hints(owner, include_extras=True)
    except NameError:
        return {}


def is_skipped(*arguments: Any) -> bool | None:
    """Leave out what scikit-learn adds to estimators: set_fit_request and its like."""
    name = arguments[2]
    return True if name.startswith("set_") and name.endswith("_request") else None


def setup(app: Sphinx) -> None:
    """Register the role, the links of signatures and what is done to docstrings."""
    app.add_role("name", name_role)
    app.connect("missing-reference", resolve)
    app.connect("autodoc-process-docstring", keep_bars)
    app.connect("autodoc-process-docstring", list_parameters)
    app.connect("autodoc-process-signature", plain_signature)
    app.connect("autodoc-skip-member", is_skipped)
