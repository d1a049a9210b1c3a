"""Every executor yields what the serial one yields, in order and as it comes."""

from __future__ import annotations

import os
import signal
import threading
import time
from typing import TYPE_CHECKING

import joblib
import pytest

from redescribe.errors import WorkerError
from redescribe.executors.joblib import JoblibExecutor
from redescribe.executors.serial import SerialExecutor

if TYPE_CHECKING:
    from redescribe.core.protocols import Executor

EXECUTORS = [SerialExecutor(), JoblibExecutor(), JoblibExecutor(1), JoblibExecutor(3)]


def _square_slowly(number: int) -> int:
    time.sleep(0.01 * (number % 3))
    return number * number


def _fail_at_three(number: int) -> int:
    if number == 3:
        message = "task three"
        raise RuntimeError(message)
    return number


@pytest.mark.parametrize("executor", EXECUTORS)
@pytest.mark.parametrize("n_tasks", [0, 1, 7])
def test_equals_serial(executor: Executor, n_tasks: int) -> None:
    expected = [number * number for number in range(n_tasks)]
    assert list(executor.map(_square_slowly, range(n_tasks))) == expected


@pytest.mark.parametrize("executor", EXECUTORS)
def test_an_error_of_a_task_reaches_the_caller(executor: Executor) -> None:
    with pytest.raises(RuntimeError, match="task three"):
        list(executor.map(_fail_at_three, range(6)))


def test_results_arrive_while_later_tasks_run() -> None:
    release = threading.Event()

    def wait_unless_first(number: int) -> int:
        if number:
            release.wait(10)
        return number

    results = JoblibExecutor(2).map(wait_unless_first, range(2))
    assert next(results) == 0
    release.set()
    assert list(results) == [1]


@pytest.mark.parametrize("executor", EXECUTORS)
def test_an_interruption_keeps_what_was_yielded(executor: Executor) -> None:
    written: list[int] = []

    def interrupted() -> None:
        for result in executor.map(_square_slowly, range(20)):
            written.append(result)
            if len(written) == 5:
                raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        interrupted()
    assert written == [0, 1, 4, 9, 16]


def test_workers_are_threads_of_this_process() -> None:
    def thread_of(_task: int) -> int:
        time.sleep(0.05)
        return threading.get_ident()

    assert len(set(JoblibExecutor(2).map(thread_of, range(4)))) > 1


def test_the_active_configuration_counts() -> None:
    def thread_of(_task: int) -> int:
        time.sleep(0.05)
        return threading.get_ident()

    with joblib.parallel_config(n_jobs=2):
        assert len(set(JoblibExecutor().map(thread_of, range(4)))) > 1


def _die_at_two(number: int) -> int:
    if number == 2:
        os.kill(os.getpid(), signal.SIGKILL)
    return number


@pytest.mark.skipif(os.name != "posix", reason="signals of posix")
def test_a_worker_that_dies_is_an_error_of_ours() -> None:
    with (
        joblib.parallel_config(backend="loky", n_jobs=2),
        pytest.raises(WorkerError, match=r"lack of memory\. Finished parts are kept"),
    ):
        list(JoblibExecutor().map(_die_at_two, range(6)))
