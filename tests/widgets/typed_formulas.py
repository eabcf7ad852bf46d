"""Random ways to write a formula as a reader would type it, and random mistakes in it."""

import random

import sympy as sp

from helpers.notation import one_line, plain_name

LONGEST = 400  # characters of an answer, as in the page
SUPERSCRIPTS = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")
SUBSCRIPTS = str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")


def typed(expression: sp.Expr, rng: random.Random) -> str:
    """The expression in plain mathematics, spelled at random: Greek or not, with or without `*`, in any order."""
    text, strength = _typed(expression, rng)
    return f"({text})" if strength < 3 and rng.random() < 0.1 else text


def _typed(e: sp.Expr, rng: random.Random) -> tuple[str, int]:
    """The text, and how strongly it holds together: 0 a sum, 1 a product, 2 a power, 3 an atom."""
    if e.is_Symbol:
        return _symbol(e, rng), 3
    if e is sp.pi or e is sp.E:
        return rng.choice(["pi", "π"] if e is sp.pi else ["e"]), 3
    if e.is_Rational:
        return _rational(e, rng)
    if e.is_Float:
        return f"{float(e):.15g}".replace("-", rng.choice("-−")), 3 if e >= 0 else 1
    if e.is_Add:
        return _sum(list(e.args), rng), 0
    if e.is_Mul:
        return _product(e, rng)
    if e.is_Pow:
        return _power(e, rng)
    inner = typed(e.args[0], rng)
    if isinstance(e, sp.Abs):
        return rng.choice([f"abs({inner})", f"abs( {inner} )"] if "|" in inner else [f"|{inner}|"]), 3
    name = type(e).__name__
    return f"{rng.choice(['log', 'ln']) if name == 'log' else name}({inner})", 3


def _symbol(symbol: sp.Symbol, rng: random.Random) -> str:
    name, written = plain_name(symbol.name), one_line(symbol)
    ways = [name, name.replace("_", ""), written]
    if "_" in name:
        base, index = name.split("_")
        ways.append(f"{base}{index.translate(SUBSCRIPTS)}")
    return rng.choice(ways)


def _rational(value: sp.Rational, rng: random.Random) -> tuple[str, int]:
    if value < 0:
        text, strength = _rational(-value, rng)
        return f"{rng.choice('-−')}{text}", min(strength, 1)
    if value.q == 1:
        return rng.choice([str(value.p), f"{value.p}.0"]), 3
    if value.q in (2, 4, 5, 8, 10) and rng.random() < 0.5:
        return str(float(value)), 3
    return f"{value.p}/{value.q}", 1


def _bracketed(e: sp.Expr, least: int, rng: random.Random) -> str:
    text, strength = _typed(e, rng)
    if strength < least or text[0] in "-−":
        return f"({text})"
    return text


def _sum(terms: list[sp.Expr], rng: random.Random) -> str:
    rng.shuffle(terms)
    text = ""
    for i, term in enumerate(terms):
        negative = term.could_extract_minus_sign()
        body = _bracketed(-term if negative else term, 1, rng)
        space = rng.choice(["", " "])
        text += (
            f"{space}{rng.choice('-−')}{space}{body}" if negative else f"{space}+{space}{body}" if i else body
        )
    return text


def _product(e: sp.Mul, rng: random.Random) -> tuple[str, int]:
    above, below = sp.fraction(e)
    if below == 1:
        return _factors(list(e.args), rng), 1
    return f"{_bracketed(above, 1, rng)}/{_bracketed(below, 2, rng)}", 1


def _factors(factors: list[sp.Expr], rng: random.Random) -> str:
    rng.shuffle(factors)
    text = _bracketed(factors[0], 2, rng)
    for factor in factors[1:]:
        body = _bracketed(factor, 2, rng)
        # A number after a number, or after a name, would be read as a part of it.
        sign = rng.choice([" * ", "*", "·", "×"] if body[0] in "0123456789." else ["*", " ", "·", " × "])
        text += sign + body
    return text


def _power(e: sp.Pow, rng: random.Random) -> tuple[str, int]:
    base, exponent = e.args
    if exponent == sp.Rational(1, 2) and rng.random() < 0.8:
        return rng.choice(["sqrt", "√"]) + f"({typed(base, rng)})", 3
    if exponent.is_Integer and exponent < 0 and rng.random() < 0.7:
        return f"1/{_bracketed(base**-exponent, 2, rng)}", 1
    body = _bracketed(base, 3, rng)
    if exponent.is_Integer and rng.random() < 0.5:
        return body + str(exponent).translate(SUPERSCRIPTS), 2
    if exponent == 2 and rng.random() < 0.3:
        return f"{body}*{body}", 1
    return f"{body}{rng.choice(['^', '**'])}{_bracketed(exponent, 3, rng)}", 2


def rewritten(e: sp.Expr, symbols: list[sp.Symbol], rng: random.Random) -> str:
    """An equal formula, typed: by algebra that SymPy does, and by detours that it would undo.

    Never longer than an answer may be: what is multiplied out may be, and is done another way.
    """
    while len(text := _rewritten(e, symbols, rng)) > LONGEST:
        pass
    return text


def _rewritten(e: sp.Expr, symbols: list[sp.Symbol], rng: random.Random) -> str:
    way = rng.choice([sp.expand, sp.factor, sp.together, sp.nsimplify, lambda x: x])
    text = typed(way(e), rng)
    detour = typed(rng.choice([*symbols, *symbols, sp.Integer(3), sp.pi]), rng)
    return rng.choice(
        [
            text,
            text,
            f"{text} + {detour} - {detour}",
            f"2*({text})/2",
            f"-(-({text}))",
            f"({text})({detour} - {detour} + 1)",
            f"{detour} - ({detour} - ({text}))",
            f"(({text}))^1",
        ]
    )


def mutated(e: sp.Expr, symbols: list[sp.Symbol], rng: random.Random) -> sp.Expr:
    """The formula with one thing changed somewhere: a sign, a factor, a symbol, an exponent, a term dropped."""
    nodes = [node for node in sp.preorder_traversal(e) if isinstance(node, sp.Expr)]
    node = rng.choice(nodes)
    changes = [-node, 2 * node, node / 2, node + 1, node**2]
    if node.is_Symbol and len(symbols) > 1:
        changes += [rng.choice([s for s in symbols if s != node])] * 3
    if node.is_Add or node.is_Mul:
        dropped = rng.choice(node.args)
        changes += [node.func(*[arg for arg in node.args if arg != dropped])] * 3
    if node.is_Pow:
        changes += [node.base] * 2
    change = rng.choice(changes)
    # One occurrence or all of them, whichever SymPy's tree holds.
    return e.xreplace({node: change}) if e != node else change
