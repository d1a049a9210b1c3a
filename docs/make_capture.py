"""Writes docs/how-to/capture.md: how to record activations, and what it costs.

Run it from the root of the repository: python -m docs.make_capture
"""

from __future__ import annotations

from pathlib import Path

from benchmarks.capture import tables
from benchmarks.networks import small_cnn

from redescribe.capture.listing import layers

PAGE = Path(__file__).with_name("how-to") / "capture.md"

INTRODUCTION = """\
<!-- Written by docs/make_capture.py: edit that file. -->
# Record the activations of a network

`redescribe.capture` runs a network on your inputs and returns a view with one attribute per
unit, which is mined like any other table. From the command line, `redescribe capture MODEL
--inputs FILE --layers NAME -o acts/` writes the same into a folder; `redescribe mine --view
neurons=acts/ …` reads it.

## Which layers are there?

`redescribe.layers(model, example)` and `redescribe layers MODEL --inputs FILE` list every
layer with what it gives, how many units that are, and a reducer where one is needed:

```text
"""

LAYERS = """\
```

`n` stands for the entities. A layer is meant by

- its exact name: `layers="hidden"`;
- a glob, where `*` also matches dots: `layers="layer[34].*conv*"`;
- a regular expression that matches the whole name: `layers="re:layer[34]\\..*"`, or one
  that is compiled;
- a function of name and type: `layers=lambda name, kind: kind == "Conv2d"`;
- or several of these, in a list.

A name that does not exist is an error with the nearest one; a pattern that matches nothing
is an error with what there is. A module that runs several times in a forward pass has one
layer per call: `fc#1`, `fc#2`. Its bare name is an error that says so, and a pattern takes
all its calls. What a pattern matches and does not run is left out.

## Maps and tokens

Layers that give one value per unit are taken as they are. Others need `reduce`, one name or
several:

| `reduce` | what becomes of the positions of a unit |
|---|---|
| `mean`, `max`, `min`, `std` | one value over all pixels of a map or tokens of a text |
| `cls` | the first token, special or not |
| `last` | the last token that is not special |
| `flatten` | every element is a unit, in the order of the layer's shape; 4,096 at most |
| `each` | every token is an entity, `id#position`; its text is its group |

`std` is that of the population. With `each`, no split divides a text.

The name of a unit says how it was made: `conv1:7|max`. Units come second in maps (batch,
channels, height, width), and last in tokens (batch, tokens, units); in Keras always last.
`units="first"` or `"last"` says it where that is wrong.

Padding is left out wherever the inputs have an `attention_mask`, and special tokens where
they have a `special_tokens_mask`. Where a layer gives several tensors, the first one is
taken; `item="1"`, `item="1.0"` or `item="last_hidden_state"` takes another.

## Models

| model | as | extra |
|---|---|---|
| PyTorch | a `torch.nn.Module`; `nets.py:build`, `package.module:build` | `torch` |
| Hugging Face | a folder, `hf:NAME` of one in the cache, or the model itself | `hf` |
| ONNX | a `.onnx` file or a `ModelProto` | `onnx` |
| Keras 3 | a `.keras` file or a functional or sequential model | `keras` |

Layers of an ONNX model are its nodes, by name, or by their output where they have none.
Subclassed Keras models, whose layers nobody but their own code connects, are not supported.

Nothing is downloaded unless asked for (`--download`). Code in a model folder is never run.
A `.pt` file is a pickle, which can run code when it is read: only tensors are read from it,
so that it can be the weights of a network that `nets.py:build` makes (`--weights net.pt`).
A file that holds a whole module is refused, unless you trust where it comes from and say so
(`--trust-pickle`).

## Inputs

An array or tensor; a mapping of arrays to the names of the network's arguments; or batches,
such as a DataLoader that does not shuffle (of a tuple the first `n_inputs` elements count).
Texts become inputs with the tokeniser of the model:

```python
import redescribe as rd

acts = rd.capture(
    "models/bert",
    table,
    layers="*.intermediate.dense",
    reduce="mean",
    inputs=rd.TextInputs(column="sentence"),
    ids=table["id"],
    batch_size=16,
    out="acts/",
)
```

Batches are padded to their longest text, so small ones waste less.
`rd.ProcessorInputs(processor=…)` does the same for images and sounds with the processor of
the model. On the command line, inputs are a `.npy` file with entities first, a `.npz` file,
a table (`--columns A,B`, `--id ID`, `--text-column TEXT`), or a function.

## Before it runs

When the first batch has run, the size is known and the time is estimated from it: units ×
entities → bytes, seconds and device. `capture(announce=print)` and the command line show it
before anything is written. What exceeds the memory limit (`memory="4GB"`) or the free disk
is refused with what would help: fewer layers, a sample of the units (`neurons=64` draws 64
of each layer by `seed`; the store keeps their numbers and says how many there were), a
folder (`out="acts/"`), or half the bytes (`dtype="float16"`).

## Several processes, or a cluster

`capture(n_jobs=4)` and `--jobs 4` run batches in processes of this machine; inside
`joblib.parallel_config(backend="dask")` (or `"ray"`) they run on that cluster. The network
is sent once to each worker and the activations come back in order: the result is the same,
and so are interruptions. Threads are not taken: they would share the hooks of one
network, and frameworks divide a batch among threads by themselves. It pays where a batch
does not use all cores, and on other machines.

Jobs that do not know of each other, such as those of a scheduler with a GPU each, take a
share of the entities: `redescribe capture … --shard 0/4 -o part0` and so on, or
`capture(shard=rd.Shard(0, 4))`. `redescribe merge part0 part1 part2 part3 -o acts`, or
`rd.join_captures`, makes one store of them, with the values of a capture without shards.

## Interruptions

With `out=`, whole batches are on the disk at least every 5 seconds. The same call goes on
after them: it compares network, layers, parameters, package versions and a hash of all
inputs, and the result is that of one run. Other parameters begin anew; other inputs are an
error. A capture that fails leaves the model as it was: hooks, modes and device are restored
on every way out.

## What it costs

Values of a store go through a buffer of fixed size, so that memory does not grow with the
entities (`python -m benchmarks.run capture`, one thread, processes of their own):

"""

END = """\
Ids are kept in memory, and so are the inputs you give as one array. When the values are
opened as a view they are mapped into memory: pages that were read count as memory of the
process and are given back when others need it.
"""


def page(measured: list[str]) -> str:
    """The text with its tables."""
    return f"{INTRODUCTION}{layer_table()}\n{LAYERS}{''.join(measured)}{END}"


def layer_table() -> str:
    """The layers of the network of the benchmarks."""
    import torch  # noqa: PLC0415 - only here

    return str(layers(small_cnn(), torch.zeros(2, 1, 8, 8)))


def main() -> None:
    """Measure and write."""
    measured = [f"{table.title}:\n\n{table.markdown()}\n" for table in tables()]
    PAGE.write_text(page(measured), encoding="utf-8")


if __name__ == "__main__":
    main()
