"""How uniform a set of entities is in one nominal attribute: majority, purity, entropy."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from redescribe.errors import ViewError

if TYPE_CHECKING:
    from redescribe._typing import Ints, Mask
    from redescribe.core.view import View


@dataclass(frozen=True, slots=True)
class Homogeneity:
    """The classes of a set of entities, over those whose class is known.

    Attributes
    ----------
    counts
        Entities of each category, in the order of the attribute's categories.
    majority
        The most frequent category, the first of several; None where no class is known.
    purity
        Its share; None where no class is known.
    entropy
        -sum p log2 p in bits, 0 to log2 of the number of categories; None likewise.

    References
    ----------
    Specification of redescription mining, section 7.7.

    Examples
    --------
    >>> found = Homogeneity.of(np.array([3, 1]), ("benign", "malignant"))
    >>> found.majority, found.purity, round(found.entropy, 3)
    ('benign', 0.75, 0.811)
    """

    counts: tuple[int, ...]
    majority: str | None
    purity: float | None
    entropy: float | None

    @classmethod
    def of(cls, counts: Ints, categories: tuple[str, ...]) -> Homogeneity:
        """Return the homogeneity of counts per category."""
        total = int(counts.sum())
        listed = tuple(map(int, counts))
        if not total:
            return cls(listed, None, None, None)
        shares = counts[counts > 0] / total
        largest = int(counts.argmax())
        # From 0: a single class gives 0.0 rather than -0.0.
        entropy = 0.0 - float((shares * np.log2(shares)).sum())
        return cls(listed, categories[largest], listed[largest] / total, entropy)

    @classmethod
    def among(cls, view: View, attribute: str, members: Mask) -> Homogeneity:
        """Return the homogeneity of some entities in a nominal or Boolean attribute.

        Parameters
        ----------
        view, attribute
            The classes.
        members
            ndarray of bool, shape (n_entities,).

        Raises
        ------
        UnknownNameError, ViewError
            If the view has no such attribute, or it is numeric.
        """
        described = view.attributes[view.position(attribute)]
        if described.is_numeric:
            em = (
                f"Attribute {attribute!r} of view {view.name!r} is numeric; only classes "
                "have a homogeneity."
            )
            raise ViewError(em)
        codes = view.column(attribute)
        counts = class_counts(codes[members], len(described.categories))
        return cls.of(counts, described.categories)


def class_counts(codes: np.ndarray, n_categories: int) -> Ints:
    """Return how often each category code occurs; NaN means missing and is not counted.

    >>> class_counts(np.array([0.0, 1.0, np.nan, 1.0]), 3)
    array([1, 2, 0])
    """
    known = codes[~np.isnan(codes)].astype(np.int64)
    return np.bincount(known, minlength=n_categories).astype(np.int64)
