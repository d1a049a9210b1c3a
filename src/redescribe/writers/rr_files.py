"""What `.rr` files are called, and what their names say."""

from __future__ import annotations

import re
from dataclasses import dataclass

from redescribe.core.redescription import Kind
from redescribe.significance.params import TailTest
from redescribe.store.names import folder_name
from redescribe.writers.numbers import java_double

_FILE = re.compile(
    r"(?P<prefix>.*)DLInterpretabilityMW(?P<all>All| )(?P<name>.+?)"
    r"(?P<min_jaccard>\d\.\d+(?:E-\d+)?) JSType .*\.rr"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class RRStyle:
    """What the names and the last lines of `.rr` files say.

    Attributes
    ----------
    prefix
        How the names of the files begin.
    min_jaccard, min_support
        Thresholds of the search.
    test
        Law of the p-values.
    quote_ids
        Put every id in quotes, as the reference does where its input has quotes.

    Examples
    --------
    >>> RRStyle().file_name(Kind.INDIVIDUAL, "fc2:7")
    'redescriptionsDLInterpretabilityMW fc2%3A7 0.5 JSType 0minSupp 10.rr'
    >>> RRStyle().file_name(Kind.INTERACTION, "n7")
    'redescriptionsDLInterpretabilityMWAlln70.5 JSType 0minSupp 10.rr'
    """

    prefix: str = "redescriptions"
    min_jaccard: float = 0.5
    min_support: int = 10
    test: TailTest = TailTest.FIXED_MARGIN
    quote_ids: bool = False

    @property
    def names_file(self) -> str:
        """Name of the file that says what the written names stand for."""
        return f"{self.prefix}names.json"

    def file_name(self, kind: Kind, name: str) -> str:
        """Return the name of a target's file; `name` is how the attribute is written."""
        target = _target_text(name)
        jaccard = java_double(self.min_jaccard)
        middle = f"All{target}" if kind is Kind.INTERACTION else f" {target} "
        ending = f"{jaccard} JSType 0minSupp {self.min_support}.rr"
        return f"{self.prefix}DLInterpretabilityMW{middle}{ending}"


@dataclass(frozen=True, slots=True)
class RRTarget:
    """What the name of an `.rr` file says.

    >>> name = "redescriptionsDLInterpretabilityMWAlln70.5 JSType 0minSupp 10.rr"
    >>> target = RRTarget.of(name)
    >>> target.prefix, target.kind.value, target.is_called("n7")
    ('redescriptions', 'interaction', True)
    """

    prefix: str
    kind: Kind
    text: str

    @classmethod
    def of(cls, file_name: str) -> RRTarget | None:
        """Return the target of a file; None where the name is not of the known form."""
        match = _FILE.fullmatch(file_name)
        if match is None:
            return None
        kind = Kind.INTERACTION if match["all"] == "All" else Kind.INDIVIDUAL
        return cls(match["prefix"], kind, match["name"].strip())

    def is_called(self, name: str) -> bool:
        """Return whether this is the file of an attribute that is written so."""
        return self.text == _target_text(name)


def _target_text(name: str) -> str:
    # "MWAll" in the name of a file marks interactions.
    return folder_name(name).replace("MWAll", "MW%41ll")
