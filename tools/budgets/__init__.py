"""What a reader may be asked to wait for and to load: each budget is a line, measured against what is allowed."""

from dataclasses import dataclass

__all__ = ["Line"]


@dataclass(frozen=True)
class Line:
    """One number and its bound: `what` was measured, `where` (a page, a figure, the build), in which unit."""

    what: str
    where: str
    measured: float
    allowed: float
    unit: str
    at_least: bool = False  # the bound is from below

    @property
    def holds(self) -> bool:
        return self.measured >= self.allowed if self.at_least else self.measured <= self.allowed

    def __str__(self) -> str:
        sign = "≥" if self.at_least else "≤"
        verdict = "ok  " if self.holds else "OVER"
        return f"{verdict} {self.measured:10.4g} {sign} {self.allowed:<6g} {self.unit:<4} {self.what}: {self.where}"
