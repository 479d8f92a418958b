"""The languages of the interface and how one is chosen: ``?lang=``, then the cookie, then the browser's wish."""

from __future__ import annotations

from flask import Flask, Response, current_app, g, request
from flask_babel import Babel

from mappings.errors import InvalidQuery

LANGUAGES = {"zh": "中文", "en": "English"}
"""What each language calls itself."""
HTML_CODES = {"zh": "zh-Hans", "en": "en"}
PARAMETER = "lang"
COOKIE = "halocline_lang"
COOKIE_AGE = 365 * 24 * 3600


def current_language() -> str:
    """``zh`` or ``en``, for the request at hand."""
    if "language" not in g:
        g.language = _remembered() or request.accept_languages.best_match(LANGUAGES, "en")
    language: str = g.language
    return language


def set_up_languages(app: Flask) -> None:
    """Translate with the catalogues in ``translations/``, and remember a language that was chosen."""
    Babel(app, locale_selector=_locale, default_translation_directories="translations")

    @app.before_request
    def choose() -> None:
        asked = request.args.get(PARAMETER)
        if not asked:
            return
        if asked not in LANGUAGES:
            raise InvalidQuery(PARAMETER, f"must be one of {', '.join(LANGUAGES)}")
        g.language = asked

    @app.after_request
    def remember(response: Response) -> Response:
        asked = request.args.get(PARAMETER)
        if asked in LANGUAGES and asked != _remembered() and response.mimetype == "text/html":
            response.set_cookie(
                COOKIE,
                asked,
                max_age=COOKIE_AGE,
                samesite="Lax",
                httponly=True,
                secure=current_app.config["SESSION_COOKIE_SECURE"],
            )
        return response


def _remembered() -> str | None:
    kept = request.cookies.get(COOKIE)
    return kept if kept in LANGUAGES else None


def _locale() -> str:
    return {"zh": "zh_Hans", "en": "en"}[current_language()]
