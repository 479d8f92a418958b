"""The data-request form: its fields, what is checked of them, and how it becomes a ``DataRequest``.

What makes a request acceptable is said once, in ``indexer.requests``; here is only what a form adds: that a
field is required and how long it may be, so that each mistake is shown where it was made, in the reader's
language.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import EmailField, SelectMultipleField, StringField, TextAreaField, widgets
from wtforms.validators import DataRequired, Length, Optional, StopValidation

from indexer.requests import (
    MAX_EMAIL,
    MAX_INSTITUTION,
    MAX_NAME,
    MAX_PURPOSE,
    MIN_PURPOSE,
    DataRequest,
    checked_request,
)
from mappings.errors import InvalidQuery
from mappings.record import BoundingBox, Record
from mappings.times import parse_instant
from search_ui.languages import current_language
from search_ui.parameters import BOUNDS, SearchState, number_text

MAX_BOUND = 20
MAX_INSTANT = 40
MAX_TRAP = 200


def _text_length(longest: int) -> Length:
    return Length(max=longest, message=_l("Please write at most %(max)d characters."))


def _required() -> DataRequired:
    return DataRequired(message=_l("Please fill this in."))


def _check_instant(_form: FlaskForm, field: StringField) -> None:
    try:
        parse_instant(field.data or "")
    except ValueError:
        raise StopValidation(_l("Please write a date such as 2003, 2003-05 or 2003-05-21.")) from None


def _bound(longest: float) -> Any:
    def check(_form: FlaskForm, field: StringField) -> None:
        try:
            within = abs(float(field.data or "")) <= longest
        except ValueError:
            within = False
        if not within:
            message = _l("Please write degrees from -%(limit)d to %(limit)d.", limit=int(longest))
            raise StopValidation(message)

    return check


def _bound_field(label: Any, longest: float) -> StringField:
    return StringField(label, [Optional(), _text_length(MAX_BOUND), _bound(longest)])


class _Checkboxes(SelectMultipleField):
    """Several of the record's variables."""

    widget = widgets.ListWidget(prefix_label=False)
    option_widget = widgets.CheckboxInput()


class RequestForm(FlaskForm):  # type: ignore[misc]  # the extension has no types
    """Who asks, for what, and for which part. ``website`` is a trap: people do not see it, robots fill it in."""

    name = StringField(_l("Your name"), [_required(), _text_length(MAX_NAME)])
    institution = StringField(_l("Institution"), [_required(), _text_length(MAX_INSTITUTION)])
    email = EmailField(_l("E-mail"), [_required(), _text_length(MAX_EMAIL)])
    purpose = TextAreaField(
        _l("What will the data be used for?"),
        [
            _required(),
            Length(
                min=MIN_PURPOSE,
                max=MAX_PURPOSE,
                message=_l("Please write between %(min)d and %(max)d characters."),
            ),
        ],
    )
    west = _bound_field(_l("West"), 180)
    south = _bound_field(_l("South"), 90)
    east = _bound_field(_l("East"), 180)
    north = _bound_field(_l("North"), 90)
    start = StringField(_l("From"), [Optional(), _text_length(MAX_INSTANT), _check_instant])
    end = StringField(_l("To"), [Optional(), _text_length(MAX_INSTANT), _check_instant])
    variables = _Checkboxes(_l("Variables"), validate_choice=True)
    website = StringField(_l("Leave this empty"), [Length(max=MAX_TRAP)])

    def offer(self, record: Record) -> None:
        """Let people choose among the record's variables."""
        names = dict.fromkeys(variable.name for variable in record.variables)
        self.variables.choices = [(name, name) for name in names]

    def prefill(self, state: SearchState, record: Record) -> None:
        """Begin with the part of the data that was searched for."""
        if state.box is not None:
            box = state.box
            bounds = (box.west, box.south, box.east, box.north)
            for name, bound in zip(BOUNDS, bounds, strict=True):
                self[name].data = number_text(bound)
        self.start.data, self.end.data = state.start, state.end
        wanted = state.chosen("variable")
        self.variables.data = [v.name for v in record.variables if v.standard_name in wanted]

    def looks_automatic(self) -> bool:
        """Whether the trap was walked into."""
        return bool(self.website.data)

    def request_for(self, record_id: str) -> DataRequest | None:
        """The request, checked; None where something is wrong, which is then shown beside its field."""
        if not self.validate() or self.looks_automatic():
            return None
        try:
            return checked_request(self._request(record_id))
        except InvalidQuery as error:
            self.blame(error, MESSAGES)
            return None

    def blame(self, error: InvalidQuery, messages: Mapping[str, object]) -> None:
        """Show what is wrong beside the field it is about."""
        field = self._fields.get(error.parameter)
        message = str(messages.get(error.parameter, error.reason))
        if field is None:
            self.form_errors.append(message)
        else:
            field.errors = [*field.errors, message]

    def _request(self, record_id: str) -> DataRequest:
        return DataRequest(
            record_id=record_id,
            name=self.name.data or "",
            institution=self.institution.data or "",
            email=self.email.data or "",
            purpose=self.purpose.data or "",
            box=self._box(),
            start=self.start.data or None,
            end=self.end.data or None,
            variables=tuple(self.variables.data or ()),
            language=current_language(),
        )

    def _box(self) -> BoundingBox | None:
        given = [(name, (self[name].data or "").strip()) for name in BOUNDS]
        missing = [name for name, value in given if not value]
        if len(missing) == len(BOUNDS):
            return None
        if missing:
            raise InvalidQuery(missing[0], "a box takes all four bounds")
        bounds = [float(value) for _, value in given]
        if bounds[1] > bounds[3]:
            raise InvalidQuery("north", "is south of the southern bound")
        return BoundingBox(*bounds)


_ALL_BOUNDS = _l("A box takes all four bounds; leave all empty for the whole area.")
_ONE_LINE = _l("Please write one line of text.")
MESSAGES: Mapping[str, object] = {
    "name": _ONE_LINE,
    "institution": _ONE_LINE,
    "email": _l("Please write an e-mail address such as name@institute.org."),
    "purpose": _l("Please write at least %(min)d characters of plain text.", min=MIN_PURPOSE),
    "west": _ALL_BOUNDS,
    "south": _ALL_BOUNDS,
    "east": _ALL_BOUNDS,
    "north": _l("A box takes all four bounds, and its north is not south of its south."),
    "end": _l("The end is before the start."),
}
"""What the check of the whole request has against a field."""
TOO_MANY: Mapping[str, object] = {
    "email": _l("Too many requests from this address wait for a decision already. Please wait for theirs."),
}
"""What the catalogue has against a sound request."""
