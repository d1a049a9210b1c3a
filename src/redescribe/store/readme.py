"""The text that tells a stranger how to read a run folder."""

from __future__ import annotations

README = """\
This folder is a run of redescribe, which explains neurons by tested pairs of rules.
Everything in it can be read without redescribe. In Python:

    import json, pathlib, numpy, pandas

    findings = pandas.read_parquet("assessed.parquet")  # one row per redescription
    targets = pandas.read_parquet("targets.parquet")    # one row per explained column
    run = json.loads(pathlib.Path("run.json").read_text("utf-8"))  # parameters, seed
    words = numpy.load("supports/assessed.npy")         # row r: finding r, see below

With redescribe:

    import redescribe as rd

    findings = rd.load(".").to_frame()

report.html         the findings as a page to read, where a command wrote one
run.json            parameters, seed, versions and fingerprints of the inputs, counts
assessed.parquet    the findings; values refer to the hold-out unless the name says mined
targets.parquet     what became of every target, and its best pair of one literal each
near_duplicates.parquet
                    what each finding stands for: redescriptions of nearly the same mined
                    entities that gave way to it; they were not tested
result.json         the findings once more, complete and exact, to rebuild them
entities.parquet    id, group and part (mine or hold_out) of every entity, in order
views/<name>/       attributes.parquet: names and kinds, in row order;
                    values.npy: attributes x entities, NaN is missing, categories as codes
redescriptions/     what the search kept, chunk by chunk; not in a merged run
supports/           the same rows as bits: redescription x query x (satisfied, unknown) x
                    word; entity e of the mined ones is bit e % 64 of word e // 64
shards/             seconds that each shard searched, where the search was divided

A p or q below the smallest number is empty; its log10 is always there.
"""
