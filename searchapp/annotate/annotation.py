"""The whole annotation of an article: places, officials, statements, then an editor's corrections."""

from __future__ import annotations

from dataclasses import replace

from searchapp.annotate.corrections import corrected
from searchapp.annotate.counties import find_places
from searchapp.annotate.officials import find_officials
from searchapp.annotate.script import in_simplified
from searchapp.annotate.statements import find_statements
from searchapp.article import Article
from searchapp.gazetteer import Additions, Gazetteer


def annotated(article: Article, gazetteer: Gazetteer, additions: Additions) -> Article:
    """`article` with places, officials and statements filled in; the rest unchanged."""
    places = find_places(article.title, article.text, gazetteer, article.source)
    title, text = in_simplified(article.title), in_simplified(article.text)
    people = find_officials(title, text, places, gazetteer, article.date)
    statements = find_statements(text, people, article.date)
    filled = replace(article, places=places, officials=people.officials, statements=statements)
    return corrected(filled, additions, gazetteer)
