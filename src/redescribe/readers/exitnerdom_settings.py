"""Settings files (`.set`) of the reference implementation -> our parameters."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, cast

from redescribe.core.constraint import Constraint, Mode
from redescribe.errors import ReadError, UnknownNameError
from redescribe.readers import exitnerdom_keys as keys
from redescribe.readers.exitnerdom_preferences import read_preferences
from redescribe.readers.files import existing_file, shown

if TYPE_CHECKING:
    from collections.abc import Mapping


class NoteKind(StrEnum):
    """Why a line of a settings file does not simply become a parameter."""

    IGNORED = "ignored"
    PENDING = "pending"
    UNSUPPORTED = "unsupported"
    UNKNOWN = "unknown"
    CHANGED = "changed"


@dataclass(frozen=True, slots=True)
class Note:
    """What became of one key.

    >>> str(Note(NoteKind.IGNORED, "JavaPath", "no Java is started."))
    'JavaPath (ignored): no Java is started.'
    """

    kind: NoteKind
    key: str
    text: str

    def __str__(self) -> str:
        return f"{self.key} ({self.kind}): {self.text}"


@dataclass(frozen=True, slots=True)
class ImportedSettings:
    """What a settings file asks for, in our terms.

    Attributes
    ----------
    views
        Files of the views, in order.
    parameters
        Parameter class (`SplitParams`, `MineParams`, `TreeParams`, `QueryLanguage`,
        `Thresholds`, `Alternation`, `SelectParams`, `AssessParams`) -> option -> value.
        What the file does not name is absent: it keeps our default.
    pending
        Options of parts that no parameter class holds, by our name for them.
    output_folder, output_prefix
        Where the reference writes, and how its files begin; empty where not named.
    notes
        What became of the keys that did not simply become a parameter.

    Examples
    --------
    >>> ImportedSettings(()).parameters
    {}
    """

    views: tuple[Path, ...]
    parameters: Mapping[str, Mapping[str, object]] = field(default_factory=dict)
    pending: Mapping[str, object] = field(default_factory=dict)
    output_folder: str = ""
    output_prefix: str = ""
    notes: tuple[Note, ...] = ()

    @property
    def view_names(self) -> tuple[str, ...]:
        """The stems of the files; made different where two are the same.

        >>> ImportedSettings((Path("a/x.arff"), Path("b/x.arff"))).view_names
        ('x', 'x_2')
        """
        names: list[str] = []
        for number, path in enumerate(self.views, start=1):
            names.append(f"{path.stem}_{number}" if path.stem in names else path.stem)
        return tuple(names)


def read_settings(path: str | Path) -> ImportedSettings:
    r"""Read a settings file: `key = value` on each line, divided at the first `=`.

    Keys are exact. Unknown keys, and those without a meaning here, become notes; paths are
    relative to the settings file, and a file that is not where it should be is looked for
    beside the settings.

    Raises
    ------
    ReadError
        If the file is missing, is no UTF-8 text, a line has no `=`, or a value does not
        fit its key; the message names the line.

    References
    ----------
    Specification of redescription mining, section 11.2.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     path = Path(folder) / "Settings.set"
    ...     _ = path.write_text("Input1 = a.arff\nMinSupport = 20\nminJs = 0.6\n")
    ...     settings = read_settings(path)
    >>> settings.parameters, settings.view_names
    ({'Thresholds': {'min_support': 20}}, ('a',))
    >>> print(settings.notes[0])
    minJs (unknown): it means nothing. Did you mean 'minJS'?
    """
    path = existing_file(path)
    try:
        lines = path.read_text(encoding="utf-8-sig").splitlines()
    except UnicodeDecodeError as error:
        em = f"{shown(path)} is not a UTF-8 text ({error}): save it as UTF-8."
        raise ReadError(em) from None
    reader = _Reader(path)
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        key, separator, value = line.partition("=")
        if not separator:
            em = f"Line {number} of {shown(path)} has no '=': {line.strip()!r}."
            raise ReadError(em)
        reader.take(key.strip(), value.strip(), number)
    return reader.settings()


class _Reader:
    """Collects what the lines mean."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._inputs: dict[int, Path] = {}
        self._parameters: dict[str, dict[str, object]] = {}
        self._pending: dict[str, object] = {}
        self._together: dict[str, object] = {}
        self._notes: list[Note] = []
        self._lines: dict[str, int] = {}

    def take(self, key: str, value: str, line: int) -> None:
        if key in self._lines:
            text = f"it stands on lines {self._lines[key]} and {line}; the last one counts."
            self._note(NoteKind.CHANGED, key, text)
        self._lines[key] = line
        try:
            self._understand(key, value)
        except ValueError as error:
            if isinstance(error, ReadError):
                raise
            em = f"Line {line} of {shown(self._path)}: {key} cannot be {value!r}."
            raise ReadError(em) from None

    def settings(self) -> ImportedSettings:
        self._finish_split()
        weights = self._together.get("preferenceFilePath")
        if weights is not None:
            self._read_weights(str(weights))
        inputs = sorted(self._inputs)
        if inputs != list(range(1, len(inputs) + 1)):
            numbers = ", ".join(map(str, inputs))
            em = f"{shown(self._path)} has the inputs {numbers}: number them 1, 2, …."
            raise ReadError(em)
        views = tuple(self._inputs[number] for number in inputs)
        names = ImportedSettings(views).view_names
        self._finish_language(names)
        self._finish_constraints(names)
        return ImportedSettings(
            views,
            self._parameters,
            self._pending,
            str(self._together.get("OutputFolder", "")),
            str(self._together.get("OutputFileName", "")),
            tuple(self._notes),
        )

    def _understand(self, key: str, value: str) -> None:
        meaning = keys.MEANINGS.get(key)
        numbered = keys.NUMBERED.fullmatch(key)
        if meaning is not None:
            self._set(key, meaning, value)
        elif numbered is not None and numbered["side"]:
            trees = cast("dict[str, str]", self._pending.setdefault("tree_type", {}))
            trees[f"W{numbered['side']}"] = kind = keys.TREE_TYPE(value)
            if kind != "regression":
                self._note(NoteKind.PENDING, key, "trees have numbers 0 and 1 as targets.")
        elif numbered is not None and numbered["what"] == "Input":
            self._inputs[int(numbered["view"])] = self._found(key, keys.words(value))
        elif numbered is not None:
            important = numbered["what"].startswith("important")
            read = keys.attribute_sets if important else keys.IMPORTANCE
            self._together[key] = read(value)
        elif key in keys.TOGETHER:
            self._together[key] = keys.TOGETHER[key](value)
        elif key in keys.IGNORED:
            self._note(NoteKind.IGNORED, key, "no other program is started.")
        elif key in keys.UNSUPPORTED or key.startswith("useNetwork"):
            self._note(NoteKind.UNSUPPORTED, key, "there is nothing like it here.")
        else:
            known = [*keys.MEANINGS, *keys.TOGETHER, *keys.IGNORED, *keys.UNSUPPORTED]
            error = UnknownNameError.among("it means nothing.", key, sorted(known))
            hint = str(error).partition(f"{key!r}. ")[2]
            near = hint if hint.startswith("Did") else "See the list of keys."
            self._note(NoteKind.UNKNOWN, key, f"it means nothing. {near}")

    def _set(self, key: str, meaning: keys.Meaning, text: str) -> None:
        value = meaning.read(text)
        if value is None:
            our = ", ".join(option for _, option in meaning.places)
            self._note(NoteKind.CHANGED, key, f"{text!r} keeps our default of {our}.")
            return
        for owner, option in meaning.places:
            if owner == keys.PENDING:
                self._pending[option] = value
                if keys.AS_HERE.get(option) == value:
                    continue
                why = f"understood as {option}={value!r}, which no part uses yet."
                self._note(NoteKind.PENDING, key, why)
            else:
                self._parameters.setdefault(owner, {})[option] = value

    def _finish_language(self, names: tuple[str, ...]) -> None:
        """Left is the first view, right all others."""
        language: dict[str, object] = {}
        of_first: list[str] = []
        for ending, option in (("Neg", "negation"), ("Disj", "disjunction")):
            # By our default, everything is allowed.
            left, right = (
                self._together.get(f"allow{side}{ending}", True)
                for side in ("Left", "Right")
            )
            if f"allowRight{ending}" in self._together:
                language[option] = right
            if left != right:
                of_first.append(f"{option}={'yes' if left else 'no'}")
        if of_first and names:
            language["view_language"] = (f"{names[0]}: {' '.join(of_first)}",)
        if language:
            self._parameters["QueryLanguage"] = language

    def _finish_split(self) -> None:
        if {"min_support", "max_support"} & set(self._parameters.get("Thresholds", ())):
            text = "counts of entities are counts of mined entities, without the hold-out."
            self._note(NoteKind.CHANGED, "MinSupport, MaxSupport", text)
        train = self._together.get("percentageForTrain")
        if self._together.get("useSplitTesting") and train is not None:
            hold_out = round(1 - cast("float", train), 12)
            self._parameters["SplitParams"] = {"hold_out": hold_out}
        elif train is not None:
            text = "without useSplitTesting = yes our own hold-out is kept."
            self._note(NoteKind.IGNORED, "percentageForTrain", text)

    def _finish_constraints(self, names: tuple[str, ...]) -> None:
        constraints: list[str] = []
        for key, value in self._together.items():
            name, _, number = key.rpartition("W")
            mode = self._together.get(f"attributeImportanceW{number}")
            if name != "importantAttributes" or mode is None:
                continue
            if int(number) > len(names):
                self._note(NoteKind.IGNORED, key, f"there is no Input{number}.")
                continue
            sets = cast("tuple[tuple[str, ...], ...]", value)
            weight = 1.0
            if mode is Mode.PREFER:
                weight = keys.SUGGESTION
                text = f"a suggestion costs {weight} of the Jaccard where it is not met."
                self._note(NoteKind.CHANGED, key, text)
            view = names[int(number) - 1]
            constraints.append(str(Constraint(view, sets, cast("Mode", mode), weight)))
        if constraints:
            mine = self._parameters.setdefault("MineParams", {})
            mine["constraints"] = tuple(constraints)

    def _read_weights(self, text: str) -> None:
        path = self._found("preferenceFilePath", text)
        if not path.is_file():
            why = f"there is no file {path.name!r}; the weights keep our default."
            self._note(NoteKind.IGNORED, "preferenceFilePath", why)
            return
        preferences = read_preferences(path)
        self._parameters.setdefault("SelectParams", {})["preferences"] = preferences

    def _found(self, key: str, text: str) -> Path:
        """The file of a path as Windows or Unix writes it; else of its name, beside us."""
        text = text.strip("\"'")
        unix = text.replace("\\", "/")
        folder = self._path.parent
        places = (folder / text, folder / unix)
        found = next((place for place in places if place.is_file()), None)
        if found is not None:
            return found
        beside = folder / PurePosixPath(unix).name
        if beside.is_file():
            why = f"{text!r} is not there; {beside.name!r} beside the settings is taken."
            self._note(NoteKind.CHANGED, key, why)
            return beside
        return folder / unix

    def _note(self, kind: NoteKind, key: str, text: str) -> None:
        self._notes.append(Note(kind, key, text))
