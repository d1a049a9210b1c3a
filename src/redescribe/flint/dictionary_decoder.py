"""A decoder whose dictionary is fixed: each attribute stands for an atom that is given."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from redescribe.errors import ParameterError
from redescribe.flint._torch import nn, torch
from redescribe.flint.batches import parts_of

if TYPE_CHECKING:
    from torch import Tensor

N_ENTITIES = 2_000
"""From so many entities at most an NMF is learned."""
N_ITERATIONS = 200


class DictionaryDecoder(nn.Module):
    """Inputs as sums of atoms that do not learn: d(Φ) = Σ_j φ_j a_j.

    Attribute j then stands for atom j, such as a part, a spectrum or a pattern that is
    known beforehand.

    Parameters
    ----------
    atoms
        Array or tensor of shape (J, …), one input per attribute.

    References
    ----------
    Parekh et al. (2022): Listen to Interpret, NeurIPS, where the atoms are of an NMF.

    Examples
    --------
    >>> decoder = DictionaryDecoder([[1.0, 0.0, 1.0], [0.0, 2.0, 0.0]])
    >>> decoder(torch.tensor([[3.0, 1.0]])).tolist()
    [[3.0, 2.0, 3.0]]
    """

    def __init__(self, atoms: Any) -> None:  # noqa: ANN401 - array-like
        super().__init__()
        self.register_buffer("atoms", torch.as_tensor(atoms, dtype=torch.float32).clone())

    def forward(self, attributes: Tensor) -> Tensor:
        """Return inputs, shape (n, …)."""
        atoms: Tensor = self.atoms  # type: ignore[assignment]  # a buffer
        values: Tensor = attributes @ atoms.flatten(1)
        return values.reshape(len(attributes), *atoms.shape[1:])


class NmfDecoder(DictionaryDecoder):
    """The same with the atoms of an NMF, which training begins with.

    Parameters
    ----------
    n_attributes
        J.
    shape
        Of an input, without the batch.

    Examples
    --------
    >>> decoder = NmfDecoder(2, (3,))
    >>> decoder.is_known
    False
    >>> decoder.learn(torch.tensor([[1.0, 0.0, 1.0], [0.0, 2.0, 0.0]]), seed=0).is_known
    True
    """

    def __init__(self, n_attributes: int, shape: tuple[int, ...]) -> None:
        super().__init__(torch.zeros(n_attributes, *shape))

    @property
    def is_known(self) -> bool:
        """Whether the atoms have been learned."""
        return bool(self.atoms.any())  # type: ignore[operator]  # a buffer

    def learn(self, inputs: Tensor, *, seed: int) -> NmfDecoder:
        """Learn the atoms of inputs, shape (n, …).

        Raises
        ------
        ParameterError
            If a value is negative.
        """
        atoms: Tensor = self.atoms  # type: ignore[assignment]  # a buffer
        found = nmf(inputs.flatten(1), len(atoms), seed=seed)
        atoms.copy_(found.reshape(atoms.shape))
        return self


def learn_atoms(decoder: nn.Module | None, batches: Any, *, seed: int) -> None:  # noqa: ANN401
    """Let the decoder learn its atoms from the first batches, if it is to and has not.

    Raises
    ------
    ParameterError
        If an input is negative.
    """
    if not isinstance(decoder, NmfDecoder) or decoder.is_known:
        return
    seen: list[Tensor] = []
    for batch in batches:
        inputs = parts_of(batch)[0]
        if isinstance(inputs, torch.Tensor):
            seen.append(inputs)
        if sum(map(len, seen)) >= N_ENTITIES:
            break
    decoder.learn(torch.cat(seen)[:N_ENTITIES], seed=seed)


@torch.no_grad()
def nmf(
    values: Tensor, n_atoms: int, *, seed: int = 0, n_iterations: int = N_ITERATIONS
) -> Tensor:
    """Return the atoms of a non-negative matrix factorisation, shape (n_atoms, d).

    Of values ≈ activations · atoms, both 0 and more, by multiplicative updates of the
    squared error. The largest value of each atom is 1.

    Parameters
    ----------
    values
        Shape (n, d), 0 and more.
    n_atoms
        How many.
    seed
        Of where the updates begin.
    n_iterations
        How many there are.

    Raises
    ------
    ParameterError
        If a value is negative.

    References
    ----------
    Lee and Seung (2001): Algorithms for non-negative matrix factorization.

    Examples
    --------
    >>> two = torch.tensor([[2.0, 0.0, 2.0], [0.0, 3.0, 0.0], [4.0, 0.0, 4.0]])
    >>> sorted(nmf(two, 2).round().tolist())
    [[0.0, 1.0, 0.0], [1.0, 0.0, 1.0]]
    """
    x = values.double()
    if bool((x < 0).any()):
        em = (
            "The decoder 'nmf' needs inputs that are 0 and more. Got values down to "
            f"{float(x.min()):g}. Do not centre them, or use another decoder."
        )
        raise ParameterError(em)
    generator = torch.Generator().manual_seed(seed)
    size = float((x.mean() / n_atoms).clamp_min(1e-12).sqrt())
    tiny = torch.finfo(x.dtype).tiny
    both = (
        size * torch.rand(shape, generator=generator, dtype=x.dtype).to(x.device)
        for shape in ((len(x), n_atoms), (n_atoms, x.shape[1]))
    )
    weights, atoms = both
    for _ in range(n_iterations):
        weights *= (x @ atoms.T) / (weights @ (atoms @ atoms.T)).clamp_min(tiny)
        atoms *= (weights.T @ x) / ((weights.T @ weights) @ atoms).clamp_min(tiny)
    largest = atoms.amax(1, keepdim=True)
    return (atoms / torch.where(largest > 0, largest, 1.0)).to(values.dtype)
