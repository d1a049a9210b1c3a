"""A FLINT in a folder: what it is as JSON, what it learned as tensors."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from redescribe.capture.torch import TorchNetwork
from redescribe.errors import RedescribeError, StoreError
from redescribe.flint._torch import nn, torch
from redescribe.flint.interpretation import HISTORY
from redescribe.flint.model import FLINT
from redescribe.flint.params import AttributeParams, Mode
from redescribe.store.atomic import replacing
from redescribe.store.schema import FLINT as ENCODING
from redescribe.store.schema import check_encoding, header
from redescribe.store.versions import versions

if TYPE_CHECKING:
    from collections.abc import Mapping
    from os import PathLike

    from redescribe.flint.history import History

DOCUMENT, STATE = "flint.json", "state.pt"


def save(
    flint: FLINT,
    path: str | PathLike[str],
    *,
    history: History | None = None,
    notes: Mapping[str, Any] | None = None,
) -> Path:
    """Write a FLINT into a folder: `flint.json` and the tensors in `state.pt`.

    By design the network is part of it; post hoc only its fingerprint is. Of a history, the
    loss, the schedule and what was measured in the epoch that stayed are kept too.

    Parameters
    ----------
    flint
        Built, trained or not.
    path
        Of the folder.
    history
        As `fit` returned it: written as `history.json`, which the report shows.
    notes
        Whatever JSON holds: names of classes, normalisation of inputs, measures.

    Returns
    -------
    path
        Of the folder.

    Raises
    ------
    StoreError
        If it is not built, or the file system refuses.

    Examples
    --------
    >>> from tempfile import mkdtemp
    >>> net = nn.Sequential(nn.Linear(4, 8), nn.ReLU(), nn.Linear(8, 3))
    >>> flint = FLINT(net, ["1"], 5, 3, example_input=torch.ones(1, 4)).eval()
    >>> same = load(save(flint, mkdtemp()), net)
    >>> torch.equal(
    ...     same.predict_proba(torch.ones(1, 4)), flint.predict_proba(torch.ones(1, 4))
    ... )
    True
    """
    if not flint.is_built:
        em = "This FLINT has not been built: there is nothing to save. Train it first."
        raise StoreError(em)
    folder = Path(path)
    network = TorchNetwork(flint.model).fingerprint() if flint.is_post_hoc else ""
    whole = {
        **header(ENCODING),
        "params": asdict(flint.params),
        "feature_shapes": flint.feature_shapes,
        "input_shape": flint.input_shape,
        "network": network,
        "versions": versions(network=True),
        "training": None if history is None else _training(history),
        "notes": dict(notes or {}),
    }
    with replacing(folder / STATE) as temporary:
        torch.save(_own_state(flint), temporary)
    with replacing(folder / DOCUMENT) as temporary:
        text = json.dumps(whole, indent=2, ensure_ascii=False, allow_nan=False)
        temporary.write_text(f"{text}\n", encoding="utf-8")
    if history is not None:
        told = {"epochs": history.to_records(), "best_epoch": history.best_epoch}
        with replacing(folder / HISTORY) as temporary:
            temporary.write_text(json.dumps(told, indent=1) + "\n", encoding="utf-8")
    return folder


def load(
    path: str | PathLike[str],
    model: nn.Module,
    *,
    attribute_net: nn.Module | None = None,
    head: nn.Module | None = None,
    decoder: nn.Module | None = None,
) -> FLINT:
    """Read a FLINT that `save` wrote; no code in the files runs.

    Parameters
    ----------
    path
        Of the folder.
    model
        The network: by design its parameters are loaded into it; post hoc it must be the
        very same.
    attribute_net, head, decoder
        The parts that had been given as modules; their parameters are loaded.

    Returns
    -------
    flint
        In evaluation mode, where the network is.

    Raises
    ------
    StoreError
        If the folder is none of a FLINT, or the model or a part is another one.

    Examples
    --------
    See `save`.
    """
    folder = Path(path)
    found = read_document(folder)
    params = dict(found["params"])
    given = {"attribute_net": attribute_net, "head": head, "decoder": decoder}
    missing = [name for name in params["given"] if given[name] is None]
    if missing:
        em = f"{folder} was made with own modules. Give them: {', '.join(missing)}."
        raise StoreError(em)
    by_design = params["mode"] == Mode.BY_DESIGN
    if not by_design and TorchNetwork(model).fingerprint() != found["network"]:
        em = (
            f"{folder / DOCUMENT} explains another network: structure or parameters "
            "differ. Give the network that it was fitted to."
        )
        raise StoreError(em)
    try:
        flint = _rebuilt(params, given, model.eval())
        shapes = tuple(tuple(shape) for shape in found["feature_shapes"])
        flint.make_parts(shapes, tuple(found["input_shape"]))
        _load_state(flint, folder / STATE)
    except (RuntimeError, KeyError, TypeError, RedescribeError) as error:
        em = f"{folder} does not fit this network: {' '.join(str(error).split())[:300]}"
        raise StoreError(em) from error
    like = next(model.parameters(), None)
    return (flint if like is None else flint.to(like.device)).eval()


def read_document(folder: Path) -> dict[str, Any]:
    """Return what `flint.json` says.

    Raises
    ------
    StoreError
        If it is missing, or of another kind or version.
    """
    path = folder / DOCUMENT
    try:
        found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        em = f"{path} cannot be read: {error}. Give the folder of a FLINT."
        raise StoreError(em) from error
    check_encoding(found, ENCODING, path)
    return found


def _training(history: History) -> dict[str, Any]:
    """How it was trained, and what was measured when it was."""
    kept = history.kept
    return {
        **history.settings,
        "epochs": len(history),
        "best_epoch": history.best_epoch,
        "n_dead": history.n_dead,
        "measured": None if kept is None else asdict(kept),
    }


def _rebuilt(
    params: dict[str, Any], given: dict[str, nn.Module | None], model: nn.Module
) -> FLINT:
    own = set(params.pop("given"))
    attributes = AttributeParams(**params.pop("attributes"))
    parts = {
        "attribute_net": given["attribute_net"] if "attribute_net" in own else attributes,
        "head": given["head"] if "head" in own else "linear",
        "decoder": given["decoder"] if "decoder" in own else _word(params["decoder"]),
    }
    del params["decoder"]
    return FLINT(model, **{**params, **parts})


def _word(decoder: str) -> str | None:
    return None if decoder == "none" else decoder


def _own_state(flint: FLINT) -> dict[str, torch.Tensor]:
    """Tensors that belong to it: all, or all but the frozen network."""
    state = flint.state_dict()
    if not flint.is_post_hoc:
        return dict(state)
    return {name: value for name, value in state.items() if not name.startswith("model.")}


def _load_state(flint: FLINT, path: Path) -> None:
    try:
        state = torch.load(path, weights_only=True, map_location="cpu")
    except Exception as error:
        em = f"{path} cannot be read: {' '.join(str(error).split())[:200]}"
        raise StoreError(em) from error
    like = next(iter(state.values()))
    for part in (flint.attribute_net, flint.head, flint.decoder):
        if part is not None and like.is_floating_point():
            part.to(like.dtype)
    wrong = flint.load_state_dict(state, strict=False)
    missing = [n for n in wrong.missing_keys if n in _own_state(flint)]
    if missing or wrong.unexpected_keys:
        both = ", ".join([*missing, *wrong.unexpected_keys][:4])
        em = f"the parameters {both} are missing or too many."
        raise StoreError(em)
