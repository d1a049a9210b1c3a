"""Guided back-propagation: through each ReLU only what makes the result larger."""

from __future__ import annotations

from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING, Any

from redescribe.errors import ParameterError
from redescribe.flint._torch import nn, torch

if TYPE_CHECKING:
    from collections.abc import Iterator

    from torch import Tensor


@contextmanager
def guided(*modules: nn.Module) -> Iterator[None]:
    """Let only positive gradients pass back through the ReLUs of modules.

    Only ReLUs that are modules are seen, not calls of `torch.relu`. Hooks are removed on
    every way out.

    Raises
    ------
    ParameterError
        If there is no ReLU.

    References
    ----------
    Springenberg et al. (2015): Striving for Simplicity: The All Convolutional Net.

    Examples
    --------
    >>> net = nn.Sequential(nn.ReLU())
    >>> x = torch.ones(2, requires_grad=True)
    >>> with guided(net):
    ...     torch.autograd.grad((net(x) * torch.tensor([3.0, -3.0])).sum(), [x])[0].tolist()
    [3.0, 0.0]
    """
    relus = [one for module in modules for one in module.modules() if type(one) is nn.ReLU]
    if not relus:
        em = (
            "Guided back-propagation needs ReLUs that are modules (nn.ReLU), and there is "
            "none. Use guided=False."
        )
        raise ParameterError(em)
    with ExitStack() as stack:
        for relu in relus:
            # Of the output, so that what taps see later is guided too.
            stack.callback(relu.register_forward_hook(_guide).remove)
        yield


class _Guide(torch.autograd.Function):
    """What it is given; backwards only what is positive."""

    @staticmethod
    def forward(_context: Any, value: Tensor) -> Tensor:  # noqa: ANN401 - of torch
        return value.clone()

    @staticmethod
    def backward(_context: Any, gradient: Tensor) -> Tensor:  # noqa: ANN401
        return gradient.clamp_min(0)


def _guide(_relu: nn.Module, _inputs: object, value: Tensor) -> Tensor:
    guided_value: Tensor = _Guide.apply(value)  # type: ignore[no-untyped-call]  # torch has no types
    return guided_value
