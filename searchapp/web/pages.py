"""Which pages do people see: start, results, nothing found, an article?"""

from __future__ import annotations

from dataclasses import replace

from flask import Blueprint, Response, render_template, request
from werkzeug.exceptions import NotFound

from searchapp.query import Query
from searchapp.results import SearchPage
from searchapp.syntax import parse
from searchapp.web.api import asked
from searchapp.web.assets import Assets
from searchapp.web.reading import lay_out
from searchapp.web.replies import html_reply
from searchapp.web.searching import Opener, Searching
from searchapp.web.views import Links, search_view

NEWEST = 6
TOP_PLACES = 12
ROBOTS = """User-agent: *
Disallow: /*?
Disallow: /api/
Disallow: /export.
Disallow: /metrics
Allow: /articles/
"""


def blueprint(searcher: Opener, assets: Assets) -> Blueprint:
    """The pages, answered by `searcher`."""
    pages = Blueprint("pages", __name__)
    _search_pages(pages, searcher)
    _article_page(pages, searcher)
    _plain_files(pages, assets)
    return pages


def _search_pages(pages: Blueprint, searcher: Opener) -> None:
    @pages.get("/")
    def search() -> Response:
        return results(searcher(), asked())

    @pages.get("/statements")
    def statements() -> Response:
        return results(searcher(), asked("statements"))


def results(searcher: Searching, query: Query) -> Response:
    """The page for `query`: results, the start page for none, or what to try when nothing is found."""
    if query == Query():
        return start(searcher)
    page = searcher.search(query)
    links = Links(answered(page), request.script_root)
    unfiltered = total_without_filters(searcher, page)
    view = search_view(page, links, searcher.names)
    return html_reply(
        render_template("search.html", page=page, query=query, links=links, view=view, unfiltered=unfiltered)
    )


def answered(page: SearchPage) -> Query:
    """The query that the hits answer: as asked, or with the spelling that was used instead. Links
    from the page go on from it, so that its counts hold."""
    used = next((offer for offer in page.suggestions if offer.used), None)
    return replace(page.query, q=used.q, clause=parse(used.q)) if used else page.query


def total_without_filters(searcher: Searching, page: SearchPage) -> int | None:
    """How many hits the words alone have, when it is the filters that leave none; else None."""
    plain = Query().filters
    if page.total or page.query.filters == plain:
        return None
    for offer in page.suggestions:
        if offer.kind == "without_filters":
            return offer.count
    bare = replace(page.query, filters=plain, page=1, size=0, facet_size=0, explain=False)
    return searcher.search(bare).total


def start(searcher: Searching) -> Response:
    """What is in the index, and examples of what to ask."""
    query = Query(sort="newest", size=NEWEST, facet_size=TOP_PLACES)
    page = searcher.search(query)
    links = Links(Query(group="reprints"), request.script_root)
    view = search_view(page, links, searcher.names)
    return html_reply(render_template("start.html", page=page, query=links.query, links=links, view=view))


def _article_page(pages: Blueprint, searcher: Opener) -> None:
    @pages.get("/articles/<path:article_id>")
    def article(article_id: str) -> Response:
        query = asked()
        found = searcher().article(article_id)
        title_marks, text_marks = searcher().marks(found, query)
        layout = lay_out(found, title_marks, text_marks)
        links = Links(query, request.script_root)
        sample = searcher().info().sample
        page = render_template(
            "article.html", article=found, layout=layout, query=query, links=links, sample=sample
        )
        return html_reply(page)


def _plain_files(pages: Blueprint, assets: Assets) -> None:
    @pages.get("/robots.txt")
    def robots() -> Response:
        return Response(ROBOTS, content_type="text/plain; charset=utf-8")

    @pages.get("/favicon.ico")
    def icon() -> Response:
        return assets.reply("", "icon.svg") or Response(status=404)

    @pages.get("/static/<fingerprint>/<name>")
    def static(fingerprint: str, name: str) -> Response:
        found = assets.reply(fingerprint, name)
        if found is None:
            raise NotFound
        return found
