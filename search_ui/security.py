"""The headers that keep a browser from doing with our pages what we did not ask for."""

from __future__ import annotations

from flask import Flask, Response, request

PAGE_POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",  # Bootstrap's arrows and ticks are data: images in the style sheet
        "connect-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
)
DOCUMENT_POLICY = "default-src 'none'; frame-ancestors 'none'; sandbox"
"""For answers that are data, not pages: whatever is in them, nothing of it runs."""

HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "Cross-Origin-Opener-Policy": "same-origin",
}


def add_security_headers(app: Flask) -> None:
    """Every answer of ``app`` gets ``HEADERS`` and a policy, where its view did not set its own."""

    @app.after_request
    def protect(response: Response) -> Response:
        for name, value in HEADERS.items():
            response.headers.setdefault(name, value)
        is_page = response.mimetype == "text/html"
        response.headers.setdefault("Content-Security-Policy", PAGE_POLICY if is_page else DOCUMENT_POLICY)
        if is_page:
            response.vary.update(("Accept-Language", "Cookie"))
            if request.cookies or "Set-Cookie" in response.headers:
                response.headers.setdefault("Cache-Control", "private, no-cache")
        return response
