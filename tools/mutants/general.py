"""The general mutants: a sample of what Cosmic Ray makes of the code by itself.

A place of the code is an operator, a number, a condition and so on that Cosmic Ray can change. `SAMPLE` places are
drawn, each with one of its changes. Which number a place draws depends on its line alone: a change elsewhere leaves
the sample almost as it is.
"""

import ast
import contextlib
import hashlib
import heapq
import math
import tomllib
from collections import defaultdict
from pathlib import Path

from mutants import PACKAGE, Mutant

SURVIVORS = Path(__file__).parent / "survivors.toml"
SAMPLE = 200
SEED = "derivations that run"

# Files and folders from which is drawn, each with the tests that belong to it.
MAPS, ON_DEVICES = "models/test_invertible_maps.py", "models/test_on_devices.py"
DRAWN_FROM: dict[str, tuple[str, ...]] = {
    "models/amortization": ("models/test_amortization.py",),
    "models/autoencoder": ("models/test_autoencoder.py",),
    "models/autoregressive": ("models/test_autoregressive.py",),
    "models/bounds": ("models/test_bounds.py", "models/test_importance_weighting.py"),
    "models/convolution": ("models/test_convolution.py",),
    "models/coupling": ("models/test_coupling.py", MAPS),
    "models/densities": ("models/test_densities.py", MAPS),
    "models/determinants.py": ("models/test_determinants.py",),
    "models/divergences": ("models/test_divergences.py",),
    "models/estimators": ("models/test_estimators.py",),
    "models/flows": (
        "models/test_flow_solvers.py",
        "models/test_flows_on_a_line.py",
        "models/test_radial_flows.py",
        MAPS,
    ),
    "models/games": ("models/test_games.py",),
    "models/gaussians": ("models/test_gaussians.py",),
    "models/initialization": ("models/test_initialization.py",),
    "models/invertible.py": (MAPS,),
    "models/invertible_convolution": ("models/test_invertible_convolution.py", MAPS),
    "models/linear_gaussian": ("models/test_linear_gaussian.py",),
    "models/masked_convolution": (
        "models/test_masked_convolution.py",
        "models/test_masked_convolution_symbolic.py",
    ),
    "models/projection.py": ("models/test_projection.py",),
    "models/stability.py": ("models/test_stability.py",),
    "codegen": ("test_codegen.py",),
    "checks.py": ("test_checks.py",),
    "devices.py": ("test_devices.py",),
    "proof/comparison.py": (
        "proof/test_order.py",
        "proof/test_decide_order.py",
        "proof/test_decide_equalities.py",
    ),
    "proof/conclusion.py": ("proof/test_decide_order.py", "proof/test_decide_equalities.py"),
    "proof/domain.py": ("proof/test_domain.py",),
    "proof/links.py": ("proof/test_links.py", "proof/test_derivation.py"),
    "proof/order.py": ("proof/test_order.py", "proof/test_decide_order.py"),
    "proof/sampling.py": (
        "proof/test_counterexamples.py",
        "proof/test_decide_equalities.py",
        "proof/test_decide_order.py",
        "proof/test_decide_matrices.py",
    ),
    "proof/enclosure": (
        "proof/test_enclosure.py",
        "proof/test_exponential_integrals.py",
        "proof/test_expectation.py",
    ),
}

# Tries wrong arguments on every public function: slow, so last.
INPUTS = "inputs/test_inputs.py"

# On numbers these fail at once, and would say nothing of the tests.
_TRIVIAL = {"BitOr", "BitAnd", "BitXor", "RShift", "LShift", "Is", "IsNot"}


def mutants() -> list[Mutant]:
    """The sample, in the order of the files; ImportError where Cosmic Ray is not installed."""
    chosen = heapq.nsmallest(SAMPLE, _places())
    found = [_mutant(*place) for _, *place in chosen]
    return sorted(found, key=lambda mutant: (mutant.file, mutant.wrong))


def with_inputs(where: str, tests: tuple[str, ...]) -> tuple[str, ...]:
    """The tests, and last the cases of `INPUTS` for what is public there; in the files of `proof` nothing is."""
    topic = where.removesuffix(".py").replace("/", ".")
    return tests if where.startswith("proof/") else (*tests, f"{INPUTS} -k [{topic}.")


def least_share(killed: int, drawn: int, confidence: float = 0.95) -> float:
    """What share of all mutants is killed at least, by Clopper and Pearson's one-sided bound for a sample."""

    def tail(share: float) -> float:  # the chance of so many or more
        return math.fsum(
            math.comb(drawn, k) * share**k * (1 - share) ** (drawn - k) for k in range(killed, drawn + 1)
        )

    low, high = 0.0, 1.0
    for _ in range(60):
        middle = (low + high) / 2
        low, high = (middle, high) if tail(middle) < 1 - confidence else (low, middle)
    return low


def reason(mutant: Mutant) -> str | None:
    """Why no test can notice this one, as `survivors.toml` says, or None."""
    return _reasons().get((mutant.file, mutant.wrong))


def unused_reasons(survivors: list[Mutant]) -> list[str]:
    """What `survivors.toml` explains though it does not survive."""
    alive = {(mutant.file, mutant.wrong) for mutant in survivors}
    return [f"{file}: {wrong}" for file, wrong in _reasons() if (file, wrong) not in alive]


def _reasons() -> dict[tuple[str, str], str]:
    listed = tomllib.loads(SURVIVORS.read_text("utf-8"))["survivor"]
    return {(entry["file"], entry["wrong"]): entry["reason"] for entry in listed}


def _places():
    """For each place a number by which it is drawn, the file, its tests, and the changes there."""
    for where, tests in DRAWN_FROM.items():
        path, tests = PACKAGE / where, with_inputs(where, tests)
        for file in sorted(path.rglob("*.py")) if path.is_dir() else [path]:
            text = file.read_text("utf-8")
            lines, silent = text.splitlines(), _silent(text)
            seen: dict[tuple[str, int], int] = defaultdict(int)
            for (start, _), changes in sorted(_changes(text).items()):
                line = lines[start[0] - 1]
                if line[start[1] :].startswith("*,") or any(first <= start < last for first, last in silent):
                    continue
                name = f"{SEED}|{file.relative_to(PACKAGE)}|{line}|{start[1]}"
                seen[line, start[1]] += 1  # the same line may stand twice
                draw = hashlib.sha256(f"{name}|{seen[line, start[1]]}".encode()).hexdigest()
                yield draw, file, tests, start, changes


def _changes(text: str) -> dict:
    """(start, end) of each place, with the (operator's name, occurrence) that change it."""
    import cosmic_ray.plugins
    from cosmic_ray.ast import ast_nodes, get_ast

    nodes = [*ast_nodes(get_ast(text))]
    found: dict = defaultdict(list)
    for name in sorted(cosmic_ray.plugins.operator_names()):
        operator = cosmic_ray.plugins.get_operator(name)
        if operator.arguments() or _TRIVIAL.intersection(name.split("_")):
            continue
        places = [place for node in nodes for place in operator().mutation_positions(node)]
        for occurrence, place in enumerate(places):
            found[place].append((name, occurrence))
    return found


def _mutant(file: Path, tests: tuple[str, ...], start: tuple[int, int], changes: list) -> Mutant:
    import cosmic_ray.plugins
    from cosmic_ray.mutating import mutate_code

    text = file.read_text("utf-8")
    row = start[0] - 1
    line = text.splitlines()[row]
    draw = hashlib.sha256(f"{SEED}|{line}|{start[1]}".encode()).digest()
    first = int.from_bytes(draw[:8]) % len(changes)
    for name, occurrence in [*changes[first:], *changes[:first]]:
        changed = mutate_code(text, cosmic_ray.plugins.get_operator(name)(), occurrence)
        with contextlib.suppress(SyntaxError):
            compile(changed, str(file), "exec")
            break
    wrong = f"{line.strip()} → {changed.splitlines()[row].strip()}"
    return Mutant("general", str(file.relative_to(PACKAGE)), changed, wrong, tests)


def _silent(text: str) -> list[tuple[tuple[int, int], tuple[int, int]]]:
    """From where to where stands what no test is to notice.

    Annotations, the words of messages, the size of a cache, whether `zip` asks for equal lengths.
    """
    spans = []
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.AnnAssign):
            parts = [node.annotation]
        elif isinstance(node, ast.FunctionDef):
            parts = [node.returns, *(a.annotation for a in ast.walk(node.args) if isinstance(a, ast.arg))]
        elif isinstance(node, ast.JoinedStr):
            parts = [node]
        elif isinstance(node, ast.keyword) and node.arg in ("strict", "maxsize"):
            parts = [node.value]
        else:
            continue
        spans += [
            ((part.lineno, part.col_offset), (part.end_lineno, part.end_col_offset)) for part in parts if part
        ]
    return spans
