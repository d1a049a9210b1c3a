"""`redescribe layers` and `redescribe capture`: a network from the command line."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from redescribe.cli.options import Processes  # noqa: TC001 - read by typer

if TYPE_CHECKING:
    from redescribe.capture.files import ReadInputs
    from redescribe.capture.loading import InputMaker

_MODEL = (
    "Hugging Face folder or hf:NAME, .onnx, .keras or .pt file, package.module:function, "
    "file.py:function"
)
_INPUTS = (
    ".npy, .npz, .csv, .tsv or .parquet file, package.module:function, file.py:function"
)

Model = Annotated[str, typer.Argument(help=_MODEL)]
Weights = Annotated[
    Path | None, typer.Option(help="state of a PyTorch model, loaded into it")
]
TrustPickle = Annotated[
    bool,
    typer.Option("--trust-pickle", help="read .pt files that can run code when read"),
]
Download = Annotated[
    bool, typer.Option("--download", help="fetch a Hugging Face model that is not here")
]
TextColumn = Annotated[str, typer.Option(help="column of a table that holds texts")]
Columns = Annotated[str, typer.Option(help="columns of a table that are the inputs: A,B")]
IdColumn = Annotated[str, typer.Option("--id", help="column that names the entities")]
MaxLength = Annotated[int | None, typer.Option(min=1, help="tokens of a text at most")]
Item = Annotated[
    str, typer.Option(help="which tensor of several a layer gives: position, key, or path")
]
Device = Annotated[str | None, typer.Option(help="where a PyTorch model runs: cuda, cpu")]
AsJSON = Annotated[bool, typer.Option("--json", help="print it as JSON")]


def layers(  # noqa: PLR0913 - one parameter per option
    model: Model,
    *,
    inputs: Annotated[str, typer.Option(help=f"a few inputs: {_INPUTS}")] = "",
    text_column: TextColumn = "",
    columns: Columns = "",
    id_column: IdColumn = "",
    max_length: MaxLength = None,
    item: Item = "0",
    weights: Weights = None,
    device: Device = None,
    trust_pickle: TrustPickle = False,
    download: Download = False,
    json: AsJSON = False,
) -> None:
    """List every layer of a network: type, shape, units, suggested reducer.

    Without --inputs, shapes are known only where the model file states them.
    """
    from redescribe.capture.listing import layers as list_layers  # noqa: PLC0415
    from redescribe.capture.loading import load  # noqa: PLC0415

    loaded = load(model, weights=weights, trust_pickle=trust_pickle, download=download)
    example, maker = None, None
    if inputs:
        read = _read(inputs, text_column, columns, id_column)
        example = read.data
        maker = _maker(text_column, model, max_length, download=download)
    table = list_layers(loaded, example, inputs=maker, item=item, device=device)
    if json:
        from json import dumps  # noqa: PLC0415

        typer.echo(dumps(table.to_json(), ensure_ascii=False, indent=2))
    else:
        from redescribe.cli.layer_table import print_layers  # noqa: PLC0415

        print_layers(table)


def capture(  # noqa: PLR0913 - one parameter per option
    model: Model,
    *,
    inputs: Annotated[str, typer.Option(help=_INPUTS)],
    layers: Annotated[
        list[str], typer.Option(help="name, glob (layer[34].*conv*) or re:EXPRESSION")
    ],
    output: Annotated[
        Path, typer.Option("--output", "-o", help="folder; taken up where it stopped")
    ],
    reduce: Annotated[
        list[str] | None,
        typer.Option(help="mean, max, min, std, cls, last, flatten, each"),
    ] = None,
    side: Annotated[str, typer.Option(help="output or input of the layers")] = "output",
    item: Item = "0",
    units: Annotated[
        str, typer.Option(help="where units stand in a map: auto, first, last")
    ] = "auto",
    neurons: Annotated[
        str, typer.Option(metavar="all|N", help="units drawn of each layer")
    ] = "all",
    seed: Annotated[int, typer.Option(min=0, help="seed of that draw")] = 0,
    text_column: TextColumn = "",
    columns: Columns = "",
    id_column: IdColumn = "",
    max_length: MaxLength = None,
    batch_size: Annotated[int, typer.Option(min=1, help="entities per forward pass")] = 256,
    dtype: Annotated[str, typer.Option(help="float32 or float16")] = "float32",
    name: Annotated[str, typer.Option(help="of the model, first part of neuron ids")] = "",
    weights: Weights = None,
    device: Device = None,
    jobs: Processes = 1,
    shard: Annotated[
        str, typer.Option(metavar="I/N", help="share I of N of the entities; then: merge")
    ] = "",
    trust_pickle: TrustPickle = False,
    download: Download = False,
    json: AsJSON = False,
    quiet: Annotated[
        bool, typer.Option("--quiet", "-q", help="print no plan or progress")
    ] = False,
) -> None:
    """Record the activations of some layers into a folder that can be mined.

    Mine it with [views.NAME] activations = "FOLDER" in the configuration, or read it from
    Python. An interrupted capture goes on with the same command. With --shard, the folder
    holds a share of the entities; `redescribe merge` joins those of all shards.
    """
    from redescribe.capture.batches import entities_of  # noqa: PLC0415
    from redescribe.capture.loading import load, network_of, prepared  # noqa: PLC0415
    from redescribe.capture.params import CaptureParams  # noqa: PLC0415
    from redescribe.capture.passes import other_processes  # noqa: PLC0415
    from redescribe.capture.recording import Recording  # noqa: PLC0415
    from redescribe.capture.sharing import of_shard  # noqa: PLC0415
    from redescribe.cli.progress import TerminalProgress  # noqa: PLC0415
    from redescribe.executors.shards import Shard  # noqa: PLC0415
    from redescribe.store.activations import ActivationFolder  # noqa: PLC0415

    params = CaptureParams.of(
        reduce=reduce or (),
        side=side,
        item=item,
        units=units,
        neurons=neurons,
        seed=seed,
        batch_size=batch_size,
    )
    loaded = load(model, weights=weights, trust_pickle=trust_pickle, download=download)
    read = _read(inputs, text_column, columns, id_column)
    maker = _maker(text_column, model, max_length, download=download)
    made = prepared(read.data, maker, model, n_inputs=1)
    entities, chosen = entities_of(made, read.ids), Shard.parse(shard) if shard else None
    if chosen is not None:
        made, entities = of_shard(made, entities, chosen, batch_size)
    plan = Recording(
        network=network_of(loaded, device=device),
        choices=layers,
        params=params,
        inputs=made,
        entities=entities,
        output=ActivationFolder(output),
        dtype=dtype,
        model_name=name,
        executor=other_processes(jobs),
        shard=chosen,
        announce=None if quiet else lambda planned: typer.echo(str(planned), err=True),
        progress=TerminalProgress(quiet=quiet),
    ).run()
    if json:
        from json import dumps  # noqa: PLC0415

        typer.echo(dumps(plan.to_json(), ensure_ascii=False))
    elif not quiet:
        typer.echo(f"{plan.n_units:,} units × {plan.n_entities:,} entities in {output}")


def _read(inputs: str, text_column: str, columns: str, id_column: str) -> ReadInputs:
    from redescribe.capture.files import read_inputs  # noqa: PLC0415

    return read_inputs(
        inputs,
        text_column=text_column,
        id_column=id_column,
        columns=columns.split(",") if columns else (),
    )


def _maker(
    text_column: str, model: str, max_length: int | None, *, download: bool
) -> InputMaker | None:
    """What makes inputs of texts: the tokeniser that lies beside the model."""
    if not text_column:
        return None
    from redescribe.capture.huggingface import TextInputs  # noqa: PLC0415

    tokenizer: Any = model if Path(model).is_dir() else None
    return TextInputs(tokenizer=tokenizer, max_length=max_length, download=download)
