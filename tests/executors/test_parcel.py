"""What tasks share is packed once, and read where it lies."""

from __future__ import annotations

import os
import signal
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import joblib
import numpy as np
import pytest

from redescribe.errors import ParameterError, WorkerError
from redescribe.executors.joblib import WAVE, JoblibExecutor
from redescribe.executors.parcel import ALIGNMENT, Parcel, shared_fields

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from redescribe._typing import AnyArray

PROCESSES = ["loky", "multiprocessing"]


@dataclass(frozen=True, eq=False)
class Inputs:
    values: AnyArray
    names: tuple[str, ...]


class Counted(Inputs):
    """Counts how often it is pickled."""

    times = 0

    def __reduce__(self) -> tuple[Any, ...]:
        Counted.times += 1
        return Counted, (self.values, self.names)


@dataclass(frozen=True, eq=False)
class Task:
    number: int
    inputs: Inputs


@dataclass(frozen=True)
class Filed:
    number: int
    folder: Path


def sum_of(task: Task) -> tuple[int, float]:
    return task.number, float(task.inputs.values[task.number].sum())


def end_at_three(task: Task) -> int:
    if task.number == 3:
        os.kill(os.getpid(), signal.SIGKILL)
    return task.number


def refuse(task: Task) -> int:
    em = f"task {task.number}"
    raise ParameterError(em)


def refuse_three(task: Task) -> int:
    if task.number == 3:
        return refuse(task)
    return task.number


def refuse_or_leave_a_file(task: Filed) -> None:
    if task.number == 0:
        raise ParameterError(str(task.number))
    time.sleep(0.2)
    (task.folder / str(task.number)).touch()


def tasks_of(inputs: Inputs, n_tasks: int = 6) -> list[Task]:
    return [Task(number, inputs) for number in range(n_tasks)]


def inputs_of(kind: type[Inputs] = Inputs, n_columns: int = 20_000) -> Inputs:
    values = np.arange(6.0 * n_columns).reshape(6, n_columns)
    return kind(values, tuple(map(str, range(n_columns))))


@pytest.mark.parametrize("backend", PROCESSES)
@pytest.mark.parametrize("n_columns", [1, 20_000])
def test_processes_give_what_threads_give(backend: str, n_columns: int) -> None:
    tasks = tasks_of(inputs_of(n_columns=n_columns))
    with joblib.parallel_config(backend=backend):
        found = list(JoblibExecutor(2).map(sum_of, tasks))
    assert found == list(map(sum_of, tasks))


@pytest.mark.parametrize("backend", PROCESSES)
def test_shared_inputs_are_pickled_once(backend: str) -> None:
    Counted.times = 0
    tasks = tasks_of(inputs_of(Counted))
    with joblib.parallel_config(backend=backend):
        list(JoblibExecutor(2).map(sum_of, tasks))
    assert Counted.times == 1


def test_threads_pickle_nothing() -> None:
    Counted.times = 0
    list(JoblibExecutor(2).map(sum_of, tasks_of(inputs_of(Counted))))
    assert Counted.times == 0


@pytest.mark.parametrize("backend", PROCESSES)
def test_no_task_is_no_work_for_processes(backend: str) -> None:
    with joblib.parallel_config(backend=backend):
        assert list(JoblibExecutor(2).map(sum_of, [])) == []


@pytest.mark.skipif(os.name != "posix", reason="signals of posix")
def test_a_killed_process_is_an_error_of_ours_after_what_was_done() -> None:
    done: list[int] = []

    def work() -> None:
        done.extend(JoblibExecutor(2).map(end_at_three, tasks_of(inputs_of())))

    with (
        joblib.parallel_config(backend="loky"),
        pytest.raises(WorkerError, match="LokyBackend did not do its task"),
    ):
        work()
    assert done == list(range(len(done)))
    assert len(done) <= 3


@pytest.mark.parametrize("backend", PROCESSES)
def test_an_error_of_a_task_is_not_one_of_the_worker(backend: str) -> None:
    with (
        joblib.parallel_config(backend=backend),
        pytest.raises(ParameterError, match="task"),
    ):
        list(JoblibExecutor(2).map(refuse, tasks_of(inputs_of())))


@pytest.mark.parametrize("backend", PROCESSES)
def test_what_is_done_before_an_error_is_given_first(backend: str) -> None:
    done: list[int] = []
    with (
        joblib.parallel_config(backend=backend),
        pytest.raises(ParameterError, match="task 3") as caught,
    ):
        done.extend(JoblibExecutor(2).map(refuse_three, iter(tasks_of(inputs_of()))))
    assert done == [0, 1, 2]
    assert "in refuse_three" in caught.value.__notes__[0]


class OddError(Exception):
    """Cannot be made from its message alone, as pickle would."""

    def __init__(self, place: str, what: str) -> None:
        super().__init__(f"{place}: {what}")


def fail_oddly(task: Filed) -> None:
    place = str(task.number)
    raise OddError(place, "no such thing")


@pytest.mark.parametrize("backend", PROCESSES)
def test_an_error_that_pickle_cannot_make_again_is_told(
    backend: str, tmp_path: Path
) -> None:
    tasks = (Filed(number, tmp_path) for number in range(3))
    with (
        joblib.parallel_config(backend=backend),
        # Dask, once imported, teaches pickle to make it again all the same.
        pytest.raises((RuntimeError, OddError), match="0: no such thing"),
    ):
        list(JoblibExecutor(2).map(fail_oddly, tasks))


# A process that is ended while it sends a result keeps a lock that Python's pool waits for.
@pytest.mark.parametrize("backend", PROCESSES)
def test_an_error_of_a_task_ends_no_worker_that_works(backend: str, tmp_path: Path) -> None:
    tasks = (Filed(number, tmp_path) for number in range(6))
    with joblib.parallel_config(backend=backend), pytest.raises(ParameterError):
        list(JoblibExecutor(2).map(refuse_or_leave_a_file, tasks))
    assert sorted(path.name for path in tmp_path.iterdir()) == ["1", "2", "3", "4", "5"]


def test_a_large_block_lies_in_a_file_that_processes_map(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("redescribe.core.scratch.IN_MEMORY", 100_000)
    tasks = tasks_of(inputs_of())
    assert isinstance(Parcel.of(tasks[0].inputs.values).block.base, np.memmap)
    with joblib.parallel_config(backend="loky"):
        assert list(JoblibExecutor(2).map(sum_of, tasks)) == list(map(sum_of, tasks))


def test_only_fields_that_are_one_object_are_shared() -> None:
    inputs = inputs_of()
    assert shared_fields(tasks_of(inputs)) == {"inputs": inputs}
    assert shared_fields([Task(0, inputs_of()), Task(1, inputs_of())]) == {}
    assert shared_fields([1, 1]) == {}
    assert shared_fields([Task(0, inputs), 1]) == {}


@pytest.mark.parametrize("writeable", [True, False])
def test_large_arrays_lie_in_the_block_and_may_be_written_to(*, writeable: bool) -> None:
    arrays = [np.arange(1003.0), np.arange(2000, dtype=np.uint8), np.zeros((0, 3))]
    block = Parcel.of(arrays).block
    block.setflags(write=writeable)
    opened = Parcel("one", block).opened()
    for found, expected in zip(opened, arrays, strict=True):
        assert np.array_equal(found, expected)
        assert found.dtype == expected.dtype
        assert found.flags.writeable
    assert np.shares_memory(opened[0], block) is writeable
    if writeable:
        assert (opened[0].ctypes.data - block.ctypes.data) % ALIGNMENT == 0


@pytest.mark.parametrize("backend", PROCESSES)
def test_an_iterator_is_read_a_few_tasks_ahead(backend: str) -> None:
    read: list[int] = []
    inputs = inputs_of(n_columns=1)

    def tasks() -> Iterator[Task]:
        for number in range(6 * 8):
            read.append(number)
            yield Task(number % 6, inputs)

    with joblib.parallel_config(backend=backend):
        results = JoblibExecutor(2).map(sum_of, tasks())
        assert next(results) == sum_of(Task(0, inputs))
        assert len(read) <= 2 + WAVE * 2
        assert len(list(results)) == 6 * 8 - 1
    assert len(read) == 6 * 8


def test_what_only_the_first_tasks_of_an_iterator_share_is_told_apart() -> None:
    first, second = inputs_of(n_columns=1), inputs_of(n_columns=20_000)
    tasks = [Task(2, first), Task(2, first), Task(2, second), Task(3, first)]
    with joblib.parallel_config(backend="loky"):
        found = list(JoblibExecutor(2).map(sum_of, iter(tasks)))
    assert found == list(map(sum_of, tasks))
