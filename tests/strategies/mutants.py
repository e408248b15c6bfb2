"""Strategies with one thing changed: a constant or comparison in a rule's code, or an entry of its data.

A check of play that does not tell such a mutant from the strategy would not notice a mistake of that kind either.
"""

from __future__ import annotations

import ast
import inspect
import textwrap
from collections.abc import Iterator, Sequence
from dataclasses import replace

from evocoop.strategies.plan import Plan, Rule

SWAPPED = {
    ast.Lt: ast.LtE,
    ast.LtE: ast.Lt,
    ast.Gt: ast.GtE,
    ast.GtE: ast.Gt,
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
    ast.And: ast.Or,
    ast.Or: ast.And,
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
}
SPARE = 64
"""Words behind the store, which a mutant that writes past its end may spoil."""


def mutants_of_code(plan: Plan) -> Iterator[tuple[str, Plan]]:
    """Yield the plan with its rule changed in one place, and what was changed."""
    source = textwrap.dedent(inspect.getsource(plan.rule.function))
    count = sum(1 for _ in _places(_definition(source)))
    for k in range(count):
        tree = _definition(source)
        node = list(_places(tree))[k]
        said = _change(node)
        mutant = replace(plan, rule=Rule(_compiled(tree, plan)), store=lambda turns: plan.store_for(turns) + SPARE)
        yield f"{plan.rule.__name__}, {said}", mutant


def _definition(source: str) -> ast.FunctionDef:
    tree = ast.parse(source).body[0]
    assert isinstance(tree, ast.FunctionDef)
    tree.decorator_list, tree.returns = [], None
    tree.args.args[0].annotation = None
    tree.body = tree.body[1:]
    return tree


def _places(tree: ast.FunctionDef) -> Iterator[ast.AST]:
    for node in ast.walk(tree):
        constant = isinstance(node, ast.Constant) and isinstance(node.value, (int, float))
        operator = node.ops[0] if isinstance(node, ast.Compare) else getattr(node, "op", None)
        if constant or type(operator) in SWAPPED:
            yield node


def _change(node: ast.AST) -> str:
    if isinstance(node, ast.Constant):
        before = node.value
        node.value = before + 1 if isinstance(before, int) else before / 2 + 0.2
        return f"line {node.lineno}: {before} to {node.value}"
    if isinstance(node, ast.Compare):
        before = ast.unparse(node)
        node.ops[0] = SWAPPED[type(node.ops[0])]()
    else:
        before = ast.unparse(node)
        node.op = SWAPPED[type(node.op)]()  # type: ignore[attr-defined]
    return f"line {node.lineno}: {before} to {ast.unparse(node)}"  # type: ignore[attr-defined]


def _compiled(tree: ast.FunctionDef, plan: Plan) -> object:
    module = ast.fix_missing_locations(ast.Module([tree], []))
    names = dict(plan.rule.function.__globals__)
    exec(compile(module, "<mutant>", "exec"), names)
    return names[tree.name]


def mutants_of_data(plan: Plan, entries: Sequence[int] = ()) -> Iterator[tuple[str, Plan]]:
    """Yield the plan with one of its numbers changed, or one play among the given entries of its table flipped."""
    numbers = plan.numbers if isinstance(plan.numbers, tuple) else ()
    for k, value in enumerate(numbers):
        other = value + 0.3 if value < 0.5 else value - 0.3
        yield f"number {k}: {value} to {other}", replace(plan, numbers=(*numbers[:k], other, *numbers[k + 1 :]))
    for k in entries:
        value = plan.table[k]
        yield f"entry {k}: {value} flipped", replace(plan, table=(*plan.table[:k], 1 - value, *plan.table[k + 1 :]))
