"""The name of one unit of one layer: `model@layer:unit|reducer`."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass

from redescribe.errors import QuerySyntaxError

LEARNED_LAYER = "attributes"
"""What the layer of attributes that were learned with a network is called (FLINT)."""

POSITIONS = ("row", "column", "token")
"""Reducers of columns that say where a learned attribute is active, not how much."""

_PART = r'"(?:[^"\\]|\\.)*"|[^@:|"\s()<>=]+'
_PATTERN = re.compile(rf"(?:({_PART})@)?({_PART}):(\d+)(?:\|({_PART}))?")
_PLAIN = re.compile(r'[^@:|"\s()<>=]+')


@dataclass(frozen=True, slots=True)
class NeuronId:
    """One unit of one layer of one model.

    Parameters
    ----------
    layer
        The framework's own dotted name, never altered.
    unit
        Number of the unit in its layer, from 0.
    model
        Empty when there is only one model.
    reducer
        What made one value of a map or of tokens; empty when the layer has one value.

    Examples
    --------
    >>> str(NeuronId("layer4.2.conv3", 417, model="resnet50", reducer="max"))
    'resnet50@layer4.2.conv3:417|max'
    >>> NeuronId.parse('"my layer":7')
    NeuronId(layer='my layer', unit=7, model='', reducer='')
    """

    layer: str
    unit: int
    model: str = ""
    reducer: str = ""

    def __str__(self) -> str:
        model = f"{quoted(self.model)}@" if self.model else ""
        reducer = f"|{quoted(self.reducer)}" if self.reducer else ""
        return f"{model}{quoted(self.layer)}:{self.unit}{reducer}"

    @classmethod
    def parse(cls, text: str) -> NeuronId:
        """Read the text form.

        Raises
        ------
        QuerySyntaxError
            If the text is not `model@layer:unit|reducer`.
        """
        match = _PATTERN.fullmatch(text)
        if match is None:
            em = (
                f"{text!r} is not a neuron id. Write model@layer:unit|reducer, such as "
                "fc2:7."
            )
            raise QuerySyntaxError(em)
        model, layer, unit, reducer = match.groups(default="")
        return cls(_unquoted(layer), int(unit), _unquoted(model), _unquoted(reducer))


def quoted(part: str) -> str:
    """Return a part of a neuron id, in quotes where it needs them.

    >>> quoted("fc2"), quoted("my layer")
    ('fc2', '"my layer"')
    """
    return part if _PLAIN.fullmatch(part) else json.dumps(part, ensure_ascii=False)


def _unquoted(part: str) -> str:
    return str(json.loads(part)) if part.startswith('"') else part
