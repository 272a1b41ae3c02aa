"""The filters that are set, each with what is left without it."""

from __future__ import annotations

from dataclasses import dataclass

from web.form import CHOSEN, Form
from web.formats import format_day
from web.messages import Language, message


@dataclass(frozen=True, slots=True)
class Chip:
    """What a filter says, and the form without it."""

    what: str
    without: Form


def chips(form: Form, language: Language) -> list[Chip]:
    """One for each filter; days that make up a month or a year are one filter."""
    chosen = [
        Chip(value, form.toggled(name, value)) for name in CHOSEN for value in form.chosen(name)
    ]
    period = form.year or form.month
    if period:
        return [*chosen, Chip(period, form.changed(from_=None, to=None))]
    for name, change in (("from", {"from_": None}), ("to", {"to": None})):
        if form[name]:
            says = message(language, f"chip_{name}", day=format_day(language, form[name]))
            chosen.append(Chip(says, form.changed(**change)))
    return chosen
