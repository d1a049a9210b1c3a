"""What was learned, as a file that needs no network: relevance, measures, pictures."""

from __future__ import annotations

import json
import shutil
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from redescribe.errors import StoreError
from redescribe.flint.conciseness import ConcisenessCurve, Convention, SufficiencyCurve
from redescribe.flint.detectors import LIMIT, ClassMatch
from redescribe.store.atomic import replacing, storing
from redescribe.store.schema import FLINT_INTERPRETATION, check_encoding, header

if TYPE_CHECKING:
    from os import PathLike

    from redescribe._typing import Floats

DOCUMENT, HISTORY, PICTURES = "interpretation.json", "history.json", "pictures"


@dataclass(frozen=True, slots=True)
class ConceptPicture:
    """Entities of a class that activate an attribute most, and what makes it stronger.

    Attributes
    ----------
    attribute, cls
        Numbers of both.
    file
        WebP below the folder: entities in the upper row, the changed ones in the lower.
    entities
        Positions of the entities in the data.
    before, after
        The attribute for the entities, and for what they were changed into.
    """

    attribute: int
    cls: int
    file: str
    entities: tuple[int, ...]
    before: tuple[float, ...]
    after: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Fit:
    """How well g imitates f.

    Attributes
    ----------
    fidelity, n_disagreements
        Share of entities on which both predict the same, and how many there are on which
        they do not.
    accuracy_f, accuracy_g
        Of both; None without labels.
    accuracy_where_agreed, accuracy_where_not
        Of f; None without labels, or where there is no such entity.
    """

    fidelity: float
    n_disagreements: int
    accuracy_f: float | None
    accuracy_g: float | None
    accuracy_where_agreed: float | None
    accuracy_where_not: float | None


@dataclass(frozen=True, slots=True, eq=False)
class Interpretation:
    """What a dictionary of attributes says about classes.

    Attributes
    ----------
    n_entities
        On which all was measured.
    layers
        That were tapped.
    classes
        Their names.
    entities_of_class
        How many g predicts to be of each class where f agrees.
    tau
        Attributes with r > 1/τ are relevant.
    relevance
        r_jc, ndarray of float64, shape (J, C); NaN for classes of no entity.
    maxima
        Largest value of each attribute.
    dead, used
        Numbers of attributes that stay below 0.001, and of those that are relevant for
        some entity.
    matches
        The class that each attribute is most like.
    fit
        How well g imitates f.
    conciseness
        Attributes per explanation.
    sufficiency
        How good g is with the best attributes of each entity alone.
    pictures
        Of pairs of class and attribute.
    """

    n_entities: int
    layers: tuple[str, ...]
    classes: tuple[str, ...]
    entities_of_class: tuple[int, ...]
    tau: float
    relevance: Floats
    maxima: tuple[float, ...]
    dead: tuple[int, ...]
    used: tuple[int, ...]
    matches: tuple[ClassMatch, ...]
    fit: Fit
    conciseness: ConcisenessCurve
    sufficiency: SufficiencyCurve
    pictures: tuple[ConceptPicture, ...] = field(default=())

    def pairs(self) -> tuple[tuple[int, int, float], ...]:
        """Return (class, attribute, r) with r > 1/τ, by class, the strongest first."""
        return tuple(
            (cls, j, float(column[j]))
            for cls, column in enumerate(self.relevance.T)
            for j in np.argsort(-column, kind="stable").tolist()
            if column[j] > 1 / self.tau  # never where it is NaN
        )

    def detectors(self) -> tuple[ClassMatch, ...]:
        """Return the attributes that are hardly more than a class."""
        return tuple(match for match in self.matches if match.jaccard > LIMIT)

    def to_json(self) -> dict[str, Any]:
        """Return it as JSON can hold it."""
        rows = [[None if np.isnan(r) else float(r) for r in row] for row in self.relevance]
        curve = self.conciseness
        return {
            **header(FLINT_INTERPRETATION),
            "entities": self.n_entities,
            "layers": list(self.layers),
            "attributes": len(self.relevance),
            "classes": list(self.classes),
            "entities_of_class": list(self.entities_of_class),
            "tau": self.tau,
            **asdict(self.fit),
            "maxima": list(self.maxima),
            "dead": list(self.dead),
            "used": list(self.used),
            "matches": [asdict(one) for one in self.matches],
            "convention": curve.convention.value,
            "conciseness": [
                {"tau": tau, "attributes": mean, "without": share}
                for tau, mean, share in zip(
                    curve.taus, curve.values, curve.without, strict=True
                )
            ],
            "sufficiency": _rows(self.sufficiency),
            "relevance": rows,
            "pairs": [
                {"class": cls, "attribute": j, "relevance": r} for cls, j, r in self.pairs()
            ],
            "pictures": [asdict(one) for one in self.pictures],
        }

    def save(self, path: str | PathLike[str]) -> Path:
        """Write `interpretation.json` into a folder; return the folder.

        Raises
        ------
        StoreError
            If the file system refuses.
        """
        folder = Path(path)
        with replacing(folder / DOCUMENT) as temporary:
            text = json.dumps(self.to_json(), indent=1, allow_nan=False)
            temporary.write_text(text + "\n", encoding="utf-8")
        return folder

    @classmethod
    def load(cls, path: str | PathLike[str]) -> Interpretation:
        """Return what a folder holds.

        Raises
        ------
        StoreError
            If there is no such file, or it is of another kind or version.
        """
        file = Path(path) / DOCUMENT
        try:
            found = json.loads(file.read_text(encoding="utf-8"))
        except (OSError, ValueError) as error:
            em = (
                f"{file} cannot be read: {error}. Write it with 'redescribe flint "
                "interpret', or rd.flint.describe and its save."
            )
            raise StoreError(em) from error
        check_encoding(found, FLINT_INTERPRETATION, file)
        try:
            return _of(found)
        except (KeyError, TypeError, ValueError) as error:
            em = f"{file} is broken: {error!r}. Write it again."
            raise StoreError(em) from error

    def copied(self, source: Path, target: Path) -> Interpretation:
        """Write it into another folder, with its pictures and the history of training.

        Raises
        ------
        StoreError
            If a picture is missing, or the file system refuses.
        """
        with storing(target):
            target.mkdir(parents=True, exist_ok=True)
            names = [one.file for one in self.pictures]
            if (source / HISTORY).exists():
                names.append(HISTORY)
            for name in names:
                (target / name).parent.mkdir(exist_ok=True)
                shutil.copyfile(source / name, target / name)
        self.save(target)
        return self

    def with_pictures(self, pictures: tuple[ConceptPicture, ...]) -> Interpretation:
        """Return the same with other pictures."""
        return replace(self, pictures=pictures)


def _rows(curve: SufficiencyCurve) -> list[dict[str, Any]]:
    accuracy = curve.accuracy or (None,) * len(curve.counts)
    return [
        {"attributes": n, "fidelity": share, "accuracy": right}
        for n, share, right in zip(curve.counts, curve.fidelity, accuracy, strict=True)
    ]


def _of(found: dict[str, Any]) -> Interpretation:
    curve, few = found["conciseness"], found["sufficiency"]
    pictures = (
        ConceptPicture(
            one["attribute"],
            one["cls"],
            one["file"],
            tuple(one["entities"]),
            tuple(one["before"]),
            tuple(one["after"]),
        )
        for one in found["pictures"]
    )
    return Interpretation(
        n_entities=found["entities"],
        layers=tuple(found["layers"]),
        classes=tuple(found["classes"]),
        entities_of_class=tuple(found["entities_of_class"]),
        tau=found["tau"],
        relevance=np.array(found["relevance"], np.float64),
        maxima=tuple(found["maxima"]),
        dead=tuple(found["dead"]),
        used=tuple(found["used"]),
        matches=tuple(ClassMatch(**one) for one in found["matches"]),
        fit=Fit(**{name: found[name] for name in Fit.__dataclass_fields__}),
        conciseness=ConcisenessCurve(
            tuple(point["tau"] for point in curve),
            tuple(point["attributes"] for point in curve),
            tuple(point["without"] for point in curve),
            Convention(found["convention"]),
        ),
        sufficiency=SufficiencyCurve(
            tuple(point["attributes"] for point in few),
            tuple(point["fidelity"] for point in few),
            tuple(p["accuracy"] for p in few if p["accuracy"] is not None),
        ),
        pictures=tuple(pictures),
    )
