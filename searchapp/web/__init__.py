"""The web: the search page, the JSON API and the server."""

from searchapp.web.app import create_app

__all__ = ["create_app"]
