"""`redescribe flint`: train, interpret and view from the command line."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import numpy as np
import pytest
import torch
from tests.flint.toys import blobs, images

from redescribe.flint import fit, to_view
from redescribe.flint.job import open_job
from redescribe.readers.tables import read

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.cli.examples import CommandLine

MODULE = """
from tests.flint.toys import mlp, trained_mlp
"""
CONFIG = """
[network]
model = "nets.py:{model}"
layers = ["fc1", "fc2"]
[data]
inputs = "x.npy"
labels = "y.npy"
[flint]
n_attributes = 6
n_classes = 3
activation = "softplus"
[training]
epochs = 20
batch_size = 40
lr = 1e-2
validation = 0.2
"""


@pytest.fixture(autouse=True)
def _one_thread() -> Iterator[None]:
    """Batches are so small that threads wait for each other."""
    n_threads = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(n_threads)


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    x, y = blobs()
    np.save(tmp_path / "x.npy", x)
    np.save(tmp_path / "y.npy", y)
    (tmp_path / "nets.py").write_text(MODULE)
    (tmp_path / "design.toml").write_text(CONFIG.format(model="mlp"))
    (tmp_path / "post.toml").write_text(CONFIG.format(model="trained_mlp"))
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.parametrize(
    ("command", "file"), [("train", "design"), ("fit-post-hoc", "post")]
)
def test_a_run_is_trained_interpreted_and_viewed(
    cli: CommandLine, here: Path, command: str, file: str
) -> None:
    done = cli("flint", command, f"{file}.toml", "-o", "run")
    assert done.status == 0, done.err
    assert done.out.startswith("run: 20 epochs, 60 steps, f and g agree on")
    history = json.loads((here / "run" / "history.json").read_text())
    assert len(history["epochs"]) == 20
    assert history["epochs"][0]["validation"]["fidelity"] <= 1

    told = json.loads(cli("flint", "interpret", "run", "--json").out)
    assert told["fidelity"] > 0.9
    assert told["accuracy_f"] > 0.9
    assert np.shape(told["relevance"]) == (6, 3)
    assert told == json.loads((here / "run" / "interpretation.json").read_text())
    text = cli("flint", "interpret", "run", "--inputs", "x.npy", "--tau", "1.5").out
    assert "fidelity" in text
    assert "accuracy" not in text  # no labels were given

    table = cli("flint", "view", "run", "-o", "learned.parquet", "--binarise", "otsu")
    assert table.status == 0, table.err
    view = read(here / "learned.parquet")
    assert len(view.entities) == 120
    assert {attribute.kind.value for attribute in view.attributes} == {"boolean"}
    assert "fidelity with the n best attributes: 1: " in text
    told_classes = cli("flint", "view", "run", "-o", "p.parquet", "--kind", "predictions")
    assert "4 columns" in told_classes.out
    same = ("--inputs", "x.npy", "--labels", "y.npy", "--kind", "predictions")
    assert "4 columns" in cli("flint", "view", "run", "-o", "p.parquet", *same).out
    document = json.loads((here / "run" / "flint.json").read_text())
    assert document["training"]["loss"]["beta"] == 0.5
    assert document["training"]["measured"]["validation"]["fidelity"] <= 1


def test_a_view_has_the_columns_of_to_view(cli: CommandLine, here: Path) -> None:
    text = (here / "design.toml").read_text()
    text = text.replace("epochs = 20", "epochs = 4\noptimizer = 'adamw'\ngrad_clip = 1.0")
    schedule = "revive_dead = true\nschedule = {l1 = 0.5, lr = {'0.5' = 0.1}}\n[loss]\n"
    (here / "more.toml").write_text(text + schedule + "entropy = false\n")
    assert cli("flint", "train", "more.toml", "-o", "run").status == 0
    told = json.loads((here / "run" / "flint.json").read_text())["training"]
    assert (told["optimizer"], told["grad_clip"], told["revive_dead"]) == (
        "adamw",
        1.0,
        True,
    )
    assert told["schedule"] == {"l1": [0.5, 0.0], "lr": [[0.5, 0.1]]}

    np.save(here / "few.npy", np.load(here / "x.npy")[:5])
    _, flint = open_job(here / "run")
    x = np.load(here / "x.npy")
    options = ("--inputs", "few.npy", "--scale", "p99", "--keep-raw", "--keep-dead")
    done = cli("flint", "view", "run", "-o", "l.parquet", *options)
    assert done.status == 0, done.err
    wanted = to_view(
        flint, x[:5], scale="p99", scale_from=x, keep_raw=True, drop_dead=False
    )
    found = read(here / "l.parquet")
    assert found.names == wanted.names
    assert np.array_equal(found.values, wanted.values)

    pooled = ("--kind", "neurons", "--pool", "mean", "--keep-dead")
    assert "24 columns" in cli("flint", "view", "run", "-o", "l.parquet", *pooled).out
    changed = ("--kind", "interventions")
    assert "12 columns" in cli("flint", "view", "run", "-o", "l.parquet", *changed).out
    wrong = cli("flint", "view", "run", "-o", "l.parquet", *changed, "--scale", "max")
    assert "Leave them out" in wrong.err
    flat = cli("flint", "view", "run", "-o", "l.parquet", "--positions", "max")
    assert "Only spatial attributes" in flat.err


IMAGES = """
[network]
model = "nets.py:TinyCNN"
layers = ["block2"]
[data]
inputs = "pictures.npy"
labels = "sides.npy"
classes = ["left", "right"]
[flint]
n_attributes = 4
n_classes = 2
activation = "softplus"
[attributes]
spatial = true
[training]
epochs = 20
batch_size = 12
lr = 1e-2
[loss]
delta = 0.0
[pictures]
rounds = 1
steps = 3
value_range = [0.0, 2.0]
"""


def test_pictures_are_drawn_and_kept_by_the_report(cli: CommandLine, here: Path) -> None:
    x, y = images()
    np.save(here / "pictures.npy", x.numpy())
    np.save(here / "sides.npy", y.numpy())
    (here / "nets.py").write_text("from tests.flint.toys import TinyCNN\n")
    (here / "images.toml").write_text(IMAGES)
    assert cli("flint", "train", "images.toml", "-o", "run").status == 0
    document = json.loads((here / "run" / "flint.json").read_text())
    assert document["params"]["attributes"]["spatial"]
    done = cli("flint", "interpret", "run", "--pictures", "--json")
    assert done.status == 0, done.err
    told = json.loads(done.out)
    assert told["classes"] == ["left", "right"]
    assert told["pictures"]
    assert all((here / "run" / one["file"]).exists() for one in told["pictures"])
    text = cli("flint", "interpret", "run").out
    assert "class left" in text or "class right" in text

    assert cli("flint", "view", "run", "-o", "l.parquet", "--name", "one").status == 0
    names = read(here / "l.parquet").names
    assert names[0].startswith("one@attributes:")
    placed = ("--name", "one", "--positions", "centre")
    assert cli("flint", "view", "run", "-o", "l.parquet", *placed).status == 0
    view = read(here / "l.parquet")
    _, flint = open_job(here / "run")
    wanted = to_view(flint, x, model_name="one", positions="centre")
    assert view.names == wanted.names
    assert np.array_equal(view.values, wanted.values, equal_nan=True)
    assert any(name.endswith("|column") for name in view.names)
    np.savetxt(here / "side.csv", x.numpy()[:, 0, :, :4].mean((1, 2)), header="bright",
        comments="")  # fmt: skip
    views = ("--view", "learned=l.parquet", "--view", "measured=side.csv")
    assert cli("mine", *views, "-o", "mined", "--min-support", "2").status == 0
    kept = cli("report", "mined", "--flint", "run", "-o", "r.html")
    assert kept.status == 0, kept.err
    assert (here / "mined" / "flint" / "learned" / "interpretation.json").exists()
    wrong = cli("report", "mined", "--flint", "measured=run", "-o", "r.html")
    assert wrong.status == 2
    assert "'measured' holds no learned attributes" in wrong.err


def test_an_interrupted_training_goes_on(
    cli: CommandLine, here: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(*args: object, **options: object) -> object:
        def stop(epoch: object) -> None:
            raise KeyboardInterrupt

        return fit(*args, **options, callbacks=[stop])  # type: ignore[arg-type]

    with monkeypatch.context() as patch:
        patch.setattr("redescribe.flint.checkpoint.PATIENCE", 0)
        patch.setattr("redescribe.flint.job.fit", interrupted)
        assert cli("flint", "train", "design.toml", "-o", "run").status == 130
    early = cli("flint", "interpret", "run")
    assert early.status == 2
    assert "has not ended" in early.err
    cli("flint", "train", "design.toml", "-o", "run")
    cli("flint", "train", "design.toml", "-o", "whole")
    states = [(here / folder / "history.json").read_text() for folder in ("run", "whole")]
    assert states[0] == states[1]


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("epochs = 20", "epoch = 20", "Did you mean 'epochs'"),
        ("epochs = 20", "epochs = 0", "'epochs' parameter of TrainingTable"),
        ("epochs = 20", "schedule = 'mnist'", "A schedule is 'paper'"),
        ("epochs = 20", "schedule = {l2 = 0.5}", "Did you mean 'l1'"),
        ("n_attributes = 6\n", "", "needs the key 'n_attributes'"),
        ('"fc1", "fc2"', "1", "must be a list of texts"),
        ("[training]", "[train]", "Did you mean 'training'"),
        ("[flint]", "[flint", "is no TOML"),
        ('"softplus"', "3", "must be a text"),
        ('["fc1", "fc2"]', '["fc3"]', "no layer 'fc3'"),
    ],
)
def test_mistakes_in_the_file_are_named(
    cli: CommandLine, here: Path, old: str, new: str, message: str
) -> None:
    text = (here / "design.toml").read_text()
    assert old in text
    (here / "wrong.toml").write_text(text.replace(old, new))
    outcome = cli("flint", "train", "wrong.toml", "-o", "run")
    assert outcome.status == 2
    assert message in outcome.err


def test_missing_files_are_named(cli: CommandLine, here: Path) -> None:
    assert "cannot be read" in cli("flint", "train", "none.toml").err
    assert "cannot be read" in cli("flint", "interpret", "nowhere").err
    assert ".parquet" in cli("flint", "view", "nowhere", "-o", "x.csv").err
