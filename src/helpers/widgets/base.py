"""What every figure shares: its two lives (kernel and static page), its checked traits, its links."""

from __future__ import annotations

import html
import itertools
import json
import math
import numbers
from collections import defaultdict
from collections.abc import Iterator
from functools import cache
from typing import Any, ClassVar

import anywidget
import traitlets

from helpers.building import is_building
from helpers.widgets import STATIC

__all__ = ["Choice", "Figure", "Integer", "Pair", "Real"]

# Of each widget: a figure keeps its identifier, and links to it hold, when one of another kind is added before it.
_counts: dict[str, Iterator[int]] = defaultdict(lambda: itertools.count(1))


@cache
def _bundle(file: str) -> str:
    path = STATIC / file
    if not path.exists():
        raise FileNotFoundError(
            f"the figures' JavaScript is not built ({file} is missing): run `make book`, or "
            "`pip install -e .` in the repository"
        )
    return path.read_text(encoding="utf-8")


class Figure(anywidget.AnyWidget):
    """Base class of the interactive figures.

    In Jupyter it is an anywidget: traits sync both ways. While the book is built (environment variable
    ``DERIVATIONS_STATIC_PAGE=1``) it shows itself as HTML that the page's own script brings to life, with no
    kernel behind it. A subclass sets `topic` (its JavaScript bundle), `widget` (its view in that bundle) and
    `alt` (what is to be seen, for readers who cannot see it), `caption` (what to conclude) and `printed`, the states
    that stand for it on paper: pairs of a label, in which `$...$` is TeX, and the traits that are set for it.

    `linked_to` is another figure: every public trait that both have is kept equal, in both lives.
    """

    topic: ClassVar[str]
    widget: ClassVar[str]
    alt: ClassVar[str]
    caption: ClassVar[str]
    printed: ClassVar[tuple[tuple[str, dict[str, Any]], ...]] = ()

    _widget = traitlets.Unicode().tag(sync=True)
    _alt = traitlets.Unicode().tag(sync=True)
    _caption = traitlets.Unicode().tag(sync=True)

    def __init__(self, *, linked_to: Figure | None = None, **state: Any) -> None:
        unknown = sorted(set(state) - set(self.state_names()))
        if unknown:
            raise ValueError(
                f"{type(self).__name__}: got {', '.join(unknown)}, expected among {', '.join(self.state_names())}"
            )
        if linked_to is not None and not isinstance(linked_to, Figure):
            raise ValueError(f"linked_to: got {linked_to!r}, expected a figure")
        if linked_to is not None and (shared := sorted(set(state) & set(linked_to.state_names()))):
            raise ValueError(f"{', '.join(shared)}: given beside linked_to, whose figure says what it is")
        super().__init__(_widget=self.widget, _alt=self.alt, _caption=self.caption, **state)
        self.identifier = f"figure-{self.widget}-{self.own_name()}"
        self._linked_to = linked_to
        if linked_to is not None:
            for name in set(self.state_names()) & set(linked_to.state_names()):
                traitlets.link((linked_to, name), (self, name))

    @property
    def _esm(self) -> str:
        return _bundle(f"{self.topic}.mjs")

    @property
    def _css(self) -> str:
        return _bundle("figures.css")

    @classmethod
    def state_names(cls) -> list[str]:
        """Names of the public traits: the figure's state, in both lives."""
        return sorted(cls.class_trait_names(state=True))

    def own_name(self) -> str:
        """What tells it from the other figures of its kind on the page: its number among them."""
        return str(next(_counts[self.widget]))

    def page_ranges(self) -> dict[str, list]:
        """What each trait that a reader sets may be; a link to a state of the figure is checked against it."""
        traits = self.traits(state=True)
        return {
            name: traits[name].range(getattr(self, name))
            for name in self.state_names()
            if hasattr(traits[name], "range")
        }

    def to_html(self) -> str:
        """The figure as the static page holds it: a root element with its state, filled by the page's script."""
        state, ranges = json.dumps(self.page_state()), json.dumps(self.page_ranges())
        chosen = html.escape(json.dumps(self.printed_states()))
        printed = f' data-printed="{chosen}"' if self.printed else ""
        linked = f' data-linked-to="{self._linked_to.identifier}"' if self._linked_to else ""
        return (
            f'<div class="dtr-figure" id="{self.identifier}" data-widget="{self.widget}" '
            f'data-topic="{self.topic}" data-alt="{html.escape(self.alt)}" '
            f'data-caption="{html.escape(self.caption)}" '
            f'data-initial="{html.escape(state)}" data-ranges="{html.escape(ranges)}"{printed}{linked}>'
            f"{self.fallback()}</div>"
        )

    @classmethod
    def printed_states(cls) -> list[tuple[str, dict[str, Any]]]:
        """The states that are shown on paper, each checked as a figure in that state would be."""
        traits = cls.class_traits(state=True)
        for label, changes in cls.printed:
            if unknown := sorted(set(changes) - set(traits)):
                raise ValueError(
                    f"printed, {label!r}: got {', '.join(unknown)}, expected among {', '.join(sorted(traits))}"
                )
        return [
            (label, {name: traits[name].validate(None, value) for name, value in changes.items()})
            for label, changes in cls.printed
        ]

    def page_state(self) -> dict[str, Any]:
        """What the view gets in the page: the public traits, each as Jupyter would send it."""
        return self.get_state(self.state_names())

    def fallback(self) -> str:
        """HTML that stands in the figure's place until the page's script fills it."""
        return (
            f'<p class="dtr-fallback">{html.escape(self.alt)}'
            "<noscript> (This figure is interactive: it needs JavaScript.)</noscript></p>"
            f'<p class="dtr-conclusion">{html.escape(self.caption)}</p>'
        )

    def _repr_mimebundle_(self, **kwargs: Any) -> Any:
        if is_building():
            return {"text/html": self.to_html(), "text/plain": self.alt}
        return super()._repr_mimebundle_(**kwargs)


class Real(traitlets.TraitType[float, float]):
    """A finite real number in [low, high]; anything else is a `ValueError` that names the trait."""

    def __init__(self, default: float, low: float, high: float, **keywords: Any) -> None:
        self.low, self.high = low, high
        super().__init__(default_value=default, **keywords)
        self.tag(sync=True, state=True)

    def validate(self, obj: object, value: Any) -> float:
        if (
            isinstance(value, bool)
            or not isinstance(value, numbers.Real)
            or not self.low <= value <= self.high
        ):
            raise ValueError(
                f"{self.name}: got {value!r}, expected a number from {self.low:g} to {self.high:g}"
            )
        return float(value)

    def range(self, value: float) -> list:
        """What the page lets it be."""
        return ["real", self.low, self.high]


class Integer(traitlets.TraitType[int, int]):
    """A whole number in [low, high]; anything else is a `ValueError` that names the trait."""

    def __init__(self, default: int, low: int, high: int, **keywords: Any) -> None:
        self.low, self.high = low, high
        super().__init__(default_value=default, **keywords)
        self.tag(sync=True, state=True)

    def validate(self, obj: object, value: Any) -> int:
        if (
            isinstance(value, bool)
            or not isinstance(value, numbers.Integral)
            or not self.low <= value <= self.high
        ):
            raise ValueError(
                f"{self.name}: got {value!r}, expected a whole number from {self.low} to {self.high}"
            )
        return int(value)

    def range(self, value: int) -> list:
        """What the page lets it be."""
        return ["whole", self.low, self.high]


class Choice(traitlets.TraitType[str, str]):
    """One of the given names; anything else is a `ValueError` that lists them."""

    def __init__(self, default: str, choices: tuple[str, ...], **keywords: Any) -> None:
        self.choices = choices
        super().__init__(default_value=default, **keywords)
        self.tag(sync=True, state=True)

    def validate(self, obj: object, value: Any) -> str:
        if not isinstance(value, str) or value not in self.choices:
            raise ValueError(f"{self.name}: got {value!r}, expected one of {', '.join(self.choices)}")
        return value

    def range(self, value: str) -> list:
        """What the page lets it be."""
        return ["choice", *self.choices]


class Pair(traitlets.TraitType[tuple, tuple]):
    """Two real numbers of size at most 1e300, so that a picture of them has room around it.

    A list, a tuple or an array; anything else is a `ValueError` that names the trait.
    """

    LIMIT = 1e300

    def __init__(self, default: tuple[float, float], **keywords: Any) -> None:
        super().__init__(default_value=default, **keywords)
        self.tag(sync=True, state=True)

    def validate(self, obj: object, value: Any) -> tuple[float, float]:
        items = value if isinstance(value, (list, tuple)) or hasattr(value, "__array__") else ()
        try:
            pair = tuple(math.nan if isinstance(x, (bool, str, bytes)) else float(x) for x in items)
        except (TypeError, ValueError, OverflowError):
            pair = ()
        if len(pair) != 2 or not all(abs(x) <= self.LIMIT for x in pair):
            raise ValueError(f"{self.name}: got {value!r}, expected two finite numbers (d, g), at most 1e300")
        return pair

    def range(self, value: tuple[float, float]) -> list:
        """What the page lets it be."""
        return ["list", ["real", -self.LIMIT, self.LIMIT], 2, 2]
