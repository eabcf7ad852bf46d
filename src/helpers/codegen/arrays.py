"""SymPy to functions of NumPy arrays and of PyTorch tensors, batched over any shape."""

from collections.abc import Callable, Sequence
from functools import reduce
from types import ModuleType
from typing import ClassVar

import numpy
from sympy import Add, Eq, Expr, MatrixBase, Mul, Ne, Pow, Symbol
from sympy.printing.precedence import PRECEDENCE

from helpers.codegen.printer import Printer
from helpers.codegen.program import Program, prepare

__all__ = ["to_numpy", "to_torch"]

# Names that NumPy and PyTorch have in common, so that one printer serves both.
_FUNCTIONS = {
    **{name: f"xp.{name}" for name in ("sqrt", "sign", "exp", "log", "floor")},
    **{name: f"xp.{name}" for name in ("sin", "cos", "tan", "sinh", "cosh", "tanh")},
    **{f"a{name}": f"xp.arc{name}" for name in ("sin", "cos", "tan", "tan2", "sinh", "cosh", "tanh")},
    **{"Abs": "xp.abs", "ceiling": "xp.ceil", "Max": "xp.maximum", "Min": "xp.minimum"},
    **{"re": "xp.real", "im": "xp.imag", "conjugate": "xp.conj", "arg": "xp.angle"},
}
_REAL_ARGUMENTS = {"xp.maximum", "xp.minimum", "xp.arctan2"}


class _ArrayPrinter(Printer):
    language = "NumPy and PyTorch"
    infinity = "xp.inf"
    not_a_number = "xp.nan"
    known_functions = _FUNCTIONS
    _operators: ClassVar = {"and": "&", "or": "|", "not": "~"}

    def __init__(self, names: dict[Symbol, str], is_complex: bool):
        super().__init__(names)
        self.is_complex = is_complex

    def power(self, base: Expr, exponent: Expr) -> str:
        level = PRECEDENCE["Pow"]
        return f"{self.parenthesize(base, level)}**{self.parenthesize(exponent, level)}"

    def complex_number(self, value: complex) -> str:
        return f"({value!r})"

    def operand(self, expr: Expr) -> str:
        # PyTorch's functions take no Python numbers
        return self._print(expr) if expr.free_symbols else f"constant({self._print(expr)})"

    def real_operand(self, expr: Expr) -> str:
        return f"xp.real({self.operand(expr)})" if self.is_complex else self.operand(expr)

    def call(self, name: str, arguments: Sequence[Expr]) -> str:
        if name in _REAL_ARGUMENTS:
            return reduce((name + "({}, {})").format, map(self.real_operand, arguments))
        return super().call(name, arguments)

    def select(self, condition, value: Expr, otherwise: str) -> str:
        return f"xp.where({self._print(condition)}, {self.operand(value)}, {otherwise})"

    def _print_Relational(self, expr):
        operand = self.operand if isinstance(expr, Eq | Ne) else self.real_operand
        return f"({operand(expr.lhs)} {expr.rel_op} {operand(expr.rhs)})"

    def _print_Mod(self, expr):
        return "({} % {})".format(*(self.parenthesize(argument, PRECEDENCE["Mul"]) for argument in expr.args))


def to_numpy(expr, symbols: Sequence[Symbol]) -> Callable:
    """A function that computes `expr` in NumPy from one array a symbol, in the order of `symbols`.

    The arrays broadcast together to the batch shape `(...)`. A scalar becomes `(...)`, an explicit matrix
    `(..., rows, columns)` (a column stays `(..., n, 1)`), a list or tuple the same of its items. Constant
    entries are broadcast too. Floating dtypes are kept and promoted among each other; Python numbers and
    integers follow them, and alone are float64. Where `expr` has complex constants, everything is complex,
    and roots and logarithms take their principal branch; otherwise they give NaN outside their domain.
    NaN in gives NaN out. A `Piecewise` computes all its branches and selects, without NumPy's warnings.

    Raises ValueError for a free symbol of `expr` that is missing in `symbols`, a symbol given twice, and a
    function that has no counterpart; the returned function raises TypeError for a wrong number or type of
    arguments and ValueError for shapes that do not broadcast. Cost: O(size of the shared expression) array
    operations a call. The generated source is the function's docstring.

    >>> from sympy import Matrix, symbols
    >>> eta = symbols("eta")
    >>> to_numpy(Matrix([[1, -eta], [eta, 1]]), [eta])([0.1, 0.2]).shape
    (2, 2, 2)
    """
    program = prepare(expr, symbols)

    def convert(values):
        dtypes = [numpy.asarray(value).dtype for value in values if hasattr(value, "dtype")]
        dtypes = [dtype for dtype in dtypes if numpy.issubdtype(dtype, numpy.inexact)]
        dtype = _working_dtype(numpy, dtypes, program, values)
        return lambda value: numpy.asarray(value, dtype=dtype)

    compiled = _compile(program, numpy, convert)
    return numpy.errstate(all="ignore")(compiled) if program.has_branches else compiled


def to_torch(expr, symbols: Sequence[Symbol]) -> Callable:
    """A function that computes `expr` in PyTorch from one tensor a symbol, in the order of `symbols`.

    Shapes, dtypes and errors are those of `to_numpy`; the tensors' device is kept as well, and Python numbers
    go there. It is differentiable and works under `torch.func` (`vmap`, `jacrev`, `jacfwd`). As everywhere in
    PyTorch, the gradient of a `Piecewise` is NaN where a branch that is not selected has an infinite one.

    The returned function raises ValueError too where its tensors are on different devices.
    """
    import torch

    program = prepare(expr, symbols)

    def convert(values):
        tensors = [value for value in values if isinstance(value, torch.Tensor)]
        devices = {tensor.device for tensor in tensors}
        if len(devices) > 1:
            raise ValueError(
                f"expected all tensors on one device, got {', '.join(sorted(map(str, devices)))}"
            )
        device = devices.pop() if devices else torch.device("cpu")
        dtypes = {torch.as_tensor(value).dtype for value in values if hasattr(value, "dtype")}
        dtypes = [dtype for dtype in dtypes if dtype.is_floating_point or dtype.is_complex]
        dtype = _working_dtype(torch, dtypes, program, values)
        # Numbers are filled in there: a copy would wait for the device.
        return lambda value: (
            torch.full((), _as_float(value), dtype=dtype, device=device)
            if isinstance(value, int | float)
            else torch.as_tensor(value, dtype=dtype, device=device)
        )

    return _compile(program, torch, convert)


def _as_float(value: float) -> float:
    try:
        return float(value)
    except OverflowError as error:
        raise ValueError("an integer beyond the floating-point range") from error


def _working_dtype(xp: ModuleType, dtypes: list, program: Program, values):
    dtype = reduce(xp.promote_types, dtypes) if dtypes else xp.float64
    if program.is_complex or any(isinstance(value, complex) for value in values):
        dtype = xp.promote_types(dtype, xp.complex64)
    return dtype


def _compile(program: Program, xp: ModuleType, convert: Callable) -> Callable:
    """The function of positional arrays. `convert(values)` gives the conversion to arrays of one dtype."""
    printer = _ArrayPrinter(program.names, program.is_complex)
    if xp.__name__ == "torch":
        # torch.sign, unlike NumPy's, has no complex numbers
        printer.known_functions = _FUNCTIONS | {"sign": "xp.sgn"}

    def flat(values) -> list[Expr]:
        if isinstance(values, list | tuple):
            return [entry for value in values for entry in flat(value)]
        return list(values) if isinstance(values, MatrixBase) else [values]

    parameters = ", ".join(program.arguments)
    lines = [
        *(f"    {printer.names[symbol]} = {printer.doprint(shared)}" for symbol, shared in program.shared),
        f"    return [{', '.join(map(printer.doprint, flat(program.values)))}]",
    ]
    source = "\n".join([f"def compute(constant, {parameters}):", *lines])
    namespace: dict = {"xp": xp}
    exec(compile(source, f"<compiled for {xp.__name__}>", "exec"), namespace)
    compute = namespace["compute"]

    def compiled(*values):
        if len(values) != len(program.arguments):
            raise TypeError(f"expected {len(program.arguments)} values ({parameters}), got {len(values)}")
        constant = convert(values)
        arrays = []
        for name, value in zip(program.arguments, values, strict=True):
            try:
                arrays.append(constant(value))
            except (TypeError, ValueError, RuntimeError) as error:
                raise TypeError(
                    f"{name}: expected a number or an array of numbers, got {type(value).__name__}: {error}"
                ) from error
        try:
            shape = numpy.broadcast_shapes(*(array.shape for array in arrays))
        except ValueError as error:
            shapes = ", ".join(
                f"{n} {tuple(a.shape)}" for n, a in zip(program.arguments, arrays, strict=True)
            )
            raise ValueError(f"expected shapes that broadcast together, got {shapes}") from error
        entries = map(constant, compute(constant, *arrays))

        def assemble(values):
            if isinstance(values, list | tuple):
                return type(values)(map(assemble, values))
            size = values.shape if isinstance(values, MatrixBase) else ()
            count = size[0] * size[1] if size else 1
            found = [next(entries) for _ in range(count)]
            # [()] makes NumPy's 0-d array a number
            if isinstance(values, Add | Mul | Pow) and found[0].shape == shape:
                return found[0][()]  # arithmetic has given it memory of its own
            found = [xp.broadcast_to(entry, shape) for entry in found]
            # stacking also gives a constant entry memory of its own
            return xp.stack(found, -1).reshape((*shape, *size))[()]

        return assemble(program.values)

    compiled.__doc__ = source
    return compiled
