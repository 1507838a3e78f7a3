"""What does an article say about whom? Fills in its places, officials and statements.

    annotator = Annotator(load_gazetteer())
    article = annotator.annotate(article)
"""

from __future__ import annotations

from searchapp.annotate.annotator import Annotator

__all__ = ["Annotator"]
