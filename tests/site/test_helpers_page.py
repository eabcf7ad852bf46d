"""The package's pages in the built book: every public name with its docstring, no markup left in it."""

import importlib
import pkgutil
import re
from html import unescape

import pytest

import helpers.models

FOLDER = "book/appendix/helpers"
MODULES = {
    "helpers.proof": "proof",
    "helpers.codegen": "codegen",
    "helpers.checks": "checks",
    "helpers.devices": "checks",
    "helpers.progress": "checks",
    "helpers.symbols": "notation",
    "helpers.notation": "notation",
    "helpers.plotting": "figures",
    "helpers.widgets": "figures",
    "helpers.models.invertible": "models/invertible_maps",
    "helpers.models.determinants": "models/invertible_maps",
    "helpers.models.projection": "models/invertible_maps",
    "helpers.models.densities": "models/invertible_maps",
    "helpers.models.flows": "models/invertible_maps",
    "helpers.models.coupling": "models/invertible_maps",
    "helpers.models.estimators": "models/inference",
    "helpers.models.amortization": "models/inference",
    "helpers.models.bounds": "models/inference",
    "helpers.models.divergences": "models/inference",
    "helpers.models.linear_gaussian": "models/inference",
    "helpers.models.autoencoder": "models/inference",
    "helpers.models.autoregressive": "models/networks",
    "helpers.models.convolution": "models/networks",
    "helpers.models.games": "models/networks",
    "helpers.models.gaussians": "models/inference",
    "helpers.models.initialization": "models/networks",
    "helpers.models.invertible_convolution": "models/invertible_maps",
    "helpers.models.masked_convolution": "models/networks",
    "helpers.models.stability": "models/networks",
}
ELSEWHERE = {"helpers.codegen.to_latex"}  # where it comes from


@pytest.fixture
def text(site):
    return lambda page: (site / f"{FOLDER}/{page}.html").read_text(encoding="utf-8")


def test_every_topic_of_the_models_has_a_page():
    topics = {f"helpers.models.{info.name}" for info in pkgutil.iter_modules(helpers.models.__path__)}
    assert topics <= set(MODULES)


@pytest.mark.parametrize("module", MODULES)
def test_every_public_name_is_described(text, module):
    html = text(MODULES[module])
    for name in importlib.import_module(module).__all__:
        full = f"{module}.{name}"
        if full in ELSEWHERE:
            continue
        _, found, after = html.partition(f'id="{full}"')
        assert found, full
        described = after[: after.index("</dl>")]
        assert re.search(r"<dd>\s*<p>\S", described), f"{full} has no docstring"


@pytest.mark.parametrize("page", sorted(set(MODULES.values())))
def test_no_markup_is_left(text, page):
    article = re.search(r"<article.*?</article>", text(page), flags=re.DOTALL)[0]
    bare = re.sub(r"<(pre|code|annotation|script|style)\b.*?</\1>", "", article, flags=re.DOTALL)
    bare = unescape(re.sub(r"<[^>]*>", "", bare))
    assert re.findall(r".{0,30}(?:`|\$|:math:|: (?:\w+\.)?Any[,)=]|~\w).{0,30}", bare) == []


def test_formulas_of_docstrings_are_typeset(text):
    assert r"\gamma}{2}\psi^2</annotation>" in text("models/networks")


def test_the_first_page_leads_to_each(site):
    html = (site / f"{FOLDER}.html").read_text(encoding="utf-8")
    for module, page in MODULES.items():
        link = rf'href="helpers/{page}\.html[^"]*">(?:<[^>]*>)*{re.escape(module)}<'
        assert re.search(link, html), module


def test_the_overview_of_the_models_leads_to_each(text):
    html = text("models")
    for module, page in MODULES.items():
        if module.startswith("helpers.models."):
            topic = module.removeprefix("helpers.models.")
            anchor = f"helpers-models-{topic.replace('_', '-')}"
            assert re.search(rf'href="{page}\.html#{anchor}">(?:<[^>]*>)*{topic}<', html), module


def test_what_a_function_returns_leads_to_its_class(text):
    html = text("proof")
    signature = html[html.index('id="helpers.proof.decide"') :]
    assert 'href="#helpers.proof.Verdict"' in signature[: signature.index("</dt>")]
