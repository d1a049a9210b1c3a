"""Which positions of a batch of texts are real tokens, and which count for a reducer."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from redescribe.errors import CaptureError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from redescribe._typing import Ints, Mask

_ATTENDED, _SPECIAL = "attention_mask", "special_tokens_mask"


@dataclass(frozen=True, slots=True, eq=False)
class Tokens:
    """Masks over the positions of each entity.

    Attributes
    ----------
    attended
        ndarray of bool, shape (n_entities, n_positions): false where the input is padded.
    counted
        The same without the special tokens of a tokeniser.
    """

    attended: Mask
    counted: Mask

    @classmethod
    def taken_from(cls, named: Mapping[str, Any]) -> tuple[dict[str, Any], Tokens | None]:
        """Return a batch without what is only for us, and the masks in it, if any."""
        kept = {name: value for name, value in named.items() if name != _SPECIAL}
        mask = named.get(_ATTENDED)
        if mask is None or len(mask.shape) != 2:
            return kept, None
        attended = _mask(mask)
        special = named.get(_SPECIAL)
        counted = attended if special is None else attended & ~_mask(special)
        return kept, cls(attended, counted)

    @property
    def first(self) -> Ints:
        """The first attended position of each entity, special or not."""
        return np.asarray(self.attended.argmax(axis=1))

    @property
    def last(self) -> Ints:
        """The last counted position of each entity."""
        n_positions = self.counted.shape[1]
        return np.asarray(n_positions - 1 - self.counted[:, ::-1].argmax(axis=1))

    def check_counted(self, *, batch: int) -> None:
        """Check that each entity has a token that counts.

        Raises
        ------
        CaptureError
            If one has none.
        """
        without = np.flatnonzero(~self.counted.any(axis=1))
        if without.size:
            em = (
                f"{without.size} entities of batch {batch} have no tokens, the first one "
                f"at place {without[0]} of the batch. Leave empty texts out."
            )
            raise CaptureError(em)


def _mask(value: Any) -> Mask:  # noqa: ANN401 - a tensor or an array
    value = value.detach().cpu() if hasattr(value, "detach") else value
    return np.asarray(value).astype(bool)
