"""Sphinx configuration: MyST pages, the furo theme, API pages from the docstrings."""

project = "evocoop"
author = "The evocoop authors"
copyright = "2026, The evocoop authors"
extensions = ["myst_parser", "sphinx.ext.autodoc", "sphinx.ext.napoleon"]
source_suffix = {".md": "markdown"}
exclude_patterns = ["_build"]
html_theme = "furo"
html_title = "evocoop"
myst_enable_extensions = ["dollarmath", "colon_fence", "deflist"]
myst_heading_anchors = 3
autodoc_typehints = "description"
autodoc_member_order = "bysource"
