"""Which pages has the desk: a county, an official, a comparison, a wording on its way?"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Blueprint, Response, render_template, request

from searchapp.desk import Comparison, compare, county_profile, official_profile, track
from searchapp.desk.chart import curve
from searchapp.desk.profiles import Activity
from searchapp.query import Query
from searchapp.web.desk_api import comparison_asked, links
from searchapp.web.desk_params import read_tracking
from searchapp.web.histogram import Histogram, histogram
from searchapp.web.replies import html_reply
from searchapp.web.searching import Opener
from searchapp.web.views import Links

Page = Callable[..., Response]


def blueprint(searcher: Opener) -> Blueprint:
    """The desk's pages, answered by `searcher`."""
    pages = Blueprint("desk", __name__)

    def page(template: str, query: Query | None = None, **found: Any) -> Response:
        """A page with the search box for `query` above it."""
        asked = query or Query()
        around = {"query": asked, "links": Links(asked, request.script_root), "desk": links()}
        return html_reply(render_template(template, **around, **found))

    _profiles(pages, searcher, page)
    _tools(pages, searcher, page)
    return pages


def _profiles(pages: Blueprint, searcher: Opener, page: Page) -> None:
    @pages.get("/counties/<code>")
    def county(code: str) -> Response:
        profile = county_profile(searcher(), code)
        return page(
            "county.html", profile=profile, activity=drawn(profile.activity), speech=drawn(profile.speech)
        )

    @pages.get("/officials/<path:ident>")
    def official(ident: str) -> Response:
        profile = official_profile(searcher(), ident)
        return page("official.html", profile=profile, activity=drawn(profile.activity))


def _tools(pages: Blueprint, searcher: Opener, page: Page) -> None:
    @pages.get("/compare")
    def comparison() -> Response:
        asked = comparison_asked(searcher)
        found: Comparison | None = None
        # One name comes from a profile's link: the form waits for the second.
        if len(asked.who) > 1:
            found = compare(searcher(), asked.who, asked.query)
        return page("compare.html", asked=asked, comparison=found)

    @pages.get("/phrase")
    def phrase() -> Response:
        words, collection, query = read_tracking(dict(request.args.lists()))
        if not words:
            return page("phrase.html", track=None, collection=collection)
        found = track(searcher(), words, collection, query.filters)
        last = max((value.value for value in found.activity.months.values), default="")
        return page(
            "phrase.html",
            track=found,
            collection=collection,
            activity=drawn(found.activity),
            spread=curve(found.steps, last),
        )


def drawn(activity: Activity) -> Histogram | None:
    """The months as bars; each bar leads to its search."""
    return histogram(activity.months, activity.query)
