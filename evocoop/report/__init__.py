"""Reports: result tables in, charts and one self-contained HTML page out; what the tables hold is not computed again.

Names are loaded when first used: the charting packages cost nothing until a chart is drawn.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import evocoop.report.charts as charts
    from evocoop.report.figure import Figure as Figure
    from evocoop.report.write import export_charts as export_charts
    from evocoop.report.write import write_report as write_report

_HOME = {"Figure": "figure", "export_charts": "write", "write_report": "write"}

__all__ = [*sorted(_HOME), "charts"]


def __getattr__(name: str) -> Any:
    if name == "charts":
        return importlib.import_module(f"{__name__}.charts")
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(importlib.import_module(f"{__name__}.{_HOME[name]}"), name)


def __dir__() -> list[str]:
    return [*globals(), *_HOME, "charts"]
