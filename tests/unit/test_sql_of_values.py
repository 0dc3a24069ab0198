"""No value ever stands in the text of a statement: what is put into one is a constant of ours, or a quoted name.

Read off the source of `store/`: whatever an f-string there interpolates is followed back, through local names and the
arguments of functions of ours, to constants; what cannot be followed is listed here, with the reason.
"""

import ast
import re
from collections import defaultdict
from pathlib import Path

import pytest

STORE = Path(__file__).parents[2] / "src" / "xgoals" / "store"
_SQL = re.compile(
    r"(?i)\b(select|insert into|update|delete from|create|drop|alter|grant|"
    r"comment on|copy|where|set local|values|lock table)\b"
)
QUOTES = {"quoted"}
"""What these functions return may stand in any statement."""
KNOWN = {
    ("locks.py", "lock.mode"): "one of two words, by a flag",
    ("database.py", "types[column]"): "the type of a column of ours, as the server writes it",
    ("database.py", "', '.join(columns)"): "of `copy_rows`: columns that a table of ours has",
    ("database.py", "query"): "of `copy_frame`: whoever calls it writes the statement",
    ("migrate.py", "_schema_comment()"): "a hash",
    ("schema/views.py", "user"): "advice for a person, who reads it",
    ("schema/views.py", "row.privilege_type"): "a right, by the server's name of it",
    ("schema/views.py", "f' ({row.of_column})' if row.of_column else ''"): "quoted by the server",
    ("schema/views.py", "row.who"): "quoted by the server",
    (
        "schema/group_roles.py",
        "role",
    ): "one of two names of ours, which reach it through a table of functions",
    ("bulk/arrow_tables.py", "', '.join(rows.column_names)"): "columns that a table of ours has",
    ("bulk/arrays.py", "asked"): "a statement whose values the driver has put in",
    ("drift/points.py", "names"): "fields of a class of ours",
    ("upkeep/set_aside.py", "comment"): "a text with its quotes doubled, in quotes",
    (
        "reasons/judged_by.py",
        "','.join(map(str, shots['shot_key']))",
    ): "whole numbers: the column is a bigint",
}
"""Expressions that cannot be followed back: file, expression, and why it is none that people write."""


def tree_of(path):
    return ast.parse(path.read_text("utf-8"))


class Store:
    """All functions of the store, and how they are called."""

    def __init__(self, trees):
        self.functions = defaultdict(list)
        self.calls = defaultdict(list)
        for path, tree in trees.items():
            for function in _functions(tree):
                self.functions[function.name].append((path, function))
            for scope in [tree, *_functions(tree)]:
                for node in _own(scope):
                    if isinstance(node, ast.Call):
                        self.calls[_name_of(node.func)].append((scope, node))

    def is_fixed(self, node, scope, seen=frozenset()):  # noqa: C901 (a line a kind of expression)
        """Whether an expression has a value that is written in our source."""
        fixed = lambda other: other is None or self.is_fixed(other, scope, seen)  # noqa: E731
        match node:
            case ast.Constant():
                return True
            case (
                ast.JoinedStr(values=parts)
                | ast.Tuple(elts=parts)
                | ast.List(elts=parts)
                | ast.Set(elts=parts)
            ):
                return all(map(fixed, parts))
            case ast.FormattedValue(value=part) | ast.Starred(value=part) | ast.Subscript(value=part):
                return fixed(part)
            case ast.IfExp(body=one, orelse=other) | ast.BinOp(left=one, right=other):
                return fixed(one) and fixed(other)
            case ast.BoolOp(values=parts):
                return all(map(fixed, parts))
            case ast.Dict(values=parts):
                return all(map(fixed, parts))
            case ast.GeneratorExp() | ast.ListComp() | ast.DictComp():
                parts = [node.key, node.value] if isinstance(node, ast.DictComp) else [node.elt]
                return all(map(fixed, parts))
            case ast.Attribute(attr=name):
                return name.isupper()
            case ast.Call(func=ast.Attribute(value=text, attr=way)) if way in (
                "join",
                "format",
                "items",
                "values",
                "keys",
                "strip",
                "replace",
            ):
                return fixed(text) and all(map(fixed, [*node.args, *(word.value for word in node.keywords)]))
            case ast.Call(func=ast.Name(id=name)):
                given = all(map(fixed, [*node.args, *(word.value for word in node.keywords)]))
                return name in QUOTES or (
                    given
                    and (name in ("sorted", "tuple", "list", "zip", "enumerate") or self._returns(name, seen))
                )
            case ast.Call(func=ast.Attribute(value=ast.Name(id="re"), attr="sub")):
                return all(map(fixed, node.args))
            case ast.Name(id=name):
                return name.isupper() or self._is_fixed_name(name, scope, seen)
        return False

    def _returns(self, name, seen):
        """Whether a function of ours returns nothing but what is written in our source, or what it is given."""
        functions = [function for _, function in self.functions[name]]
        returned = [
            (function, node.value)
            for function in functions
            for node in _own(function)
            if isinstance(node, ast.Return)
        ]
        return bool(returned) and all(self.is_fixed(value, function, seen) for function, value in returned)

    def _is_fixed_name(self, name, scope, seen):
        if (id(scope), name) in seen:
            return True
        seen |= {(id(scope), name)}
        found = list(_given(scope, name))
        if isinstance(scope, ast.FunctionDef):
            arguments = [*scope.args.posonlyargs, *scope.args.args, *scope.args.kwonlyargs]
            if name in [argument.arg for argument in arguments]:
                calls = self.calls[scope.name]
                passed = [(caller, _passed(call, scope, name)) for caller, call in calls]
                return bool(calls) and all(
                    value is None or self.is_fixed(value, caller, seen) for caller, value in passed
                ) and all(self.is_fixed(value, scope, seen) for value in found)  # fmt: skip
        return bool(found) and all(self.is_fixed(value, scope, seen) for value in found)


def _functions(tree):
    return [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)]


def _own(scope):
    """The nodes of a function or module, without those of the functions in it."""
    waiting = list(ast.iter_child_nodes(scope))
    while waiting:
        node = waiting.pop()
        yield node
        if not isinstance(node, ast.FunctionDef):
            waiting += ast.iter_child_nodes(node)


def _name_of(called):
    return called.id if isinstance(called, ast.Name) else getattr(called, "attr", "")


def _given(scope, name):
    """What a local name stands for: everything that is put into it, or that it goes through."""
    for node in _own(scope):
        match node:  # what is added to a list
            case ast.Call(
                func=ast.Attribute(value=ast.Name(id=known), attr="append" | "extend" | "insert")
            ) if known == name:
                yield from node.args
            case ast.Assign(targets=[ast.Tuple(elts=names)], value=ast.Tuple(elts=values)) if len(
                names
            ) == len(values):
                yield from (
                    v for n, v in zip(names, values, strict=True) if isinstance(n, ast.Name) and n.id == name
                )
                continue
            case ast.For(target=ast.Tuple(elts=names), iter=ast.Tuple(elts=rows)) if all(
                isinstance(r, ast.Tuple) for r in rows
            ):
                yield from (r.elts[k] for k, n in enumerate(names) if n.id == name for r in rows)
                continue
        targets = {ast.Assign: lambda n: n.targets, ast.AnnAssign: lambda n: [n.target],
        ast.AugAssign: lambda n: [n.target],
                   ast.For: lambda n: [n.target], ast.comprehension: lambda n: [n.target],
                   ast.NamedExpr: lambda n: [n.target]}.get(type(node), lambda _: [])(node)  # fmt: skip
        for target in targets:
            if name in [part.id for part in ast.walk(target) if isinstance(part, ast.Name)]:
                yield node.iter if isinstance(node, ast.For | ast.comprehension) else node.value


def _passed(call, function, name):
    """The argument of a call; None where the default counts."""
    for word in call.keywords:
        if word.arg == name:
            return word.value
    names = [argument.arg for argument in [*function.args.posonlyargs, *function.args.args]]
    place = names.index(name) if name in names else len(call.args)
    if names[:1] == ["self"]:
        place -= 1
    return call.args[place] if place < len(call.args) else None


def put_in(trees):
    """Every expression in the text of a statement that is not fixed: file, line, expression."""
    store = Store(trees)
    for path, tree in trees.items():
        for scope in [tree, *_functions(tree)]:
            for node in _own(scope):
                if isinstance(node, ast.JoinedStr) and _is_sql(node):
                    for part in node.values:
                        if isinstance(part, ast.FormattedValue) and not store.is_fixed(part.value, scope):
                            yield path, node.lineno, ast.unparse(part.value)


def _is_sql(node):
    text = " ".join(str(part.value) for part in node.values if isinstance(part, ast.Constant))
    return bool(_SQL.search(text))


@pytest.fixture(scope="module")
def trees():
    return {
        path.relative_to(STORE).as_posix(): tree_of(path)
        for path in STORE.rglob("*.py")
        if "alembic" not in path.parts
    }


def test_nothing_but_our_own_words_stands_in_a_statement(trees):
    found = list(put_in(trees))
    strange = [(path, line, what) for path, line, what in found if (path, what) not in KNOWN]
    assert strange == [], "\n".join(map(str, strange))
    assert {(path, what) for path, _, what in found} == KNOWN.keys(), "what is gone is not listed"


@pytest.mark.parametrize(
    "source",
    [
        "def f(c, name):\n    c.execute(f\"select * from t where n = '{name}'\")",
        "def f(c, name):\n    g(c, name)\ndef g(c, what):\n    c.execute(f'select {what}')",
        "def f(c, row):\n    w = ['a']\n    w.append(row.name)\n    c.execute(f\"select {', '.join(w)} from t\")",
        "def f(c, names):\n    for n in names:\n        c.execute(f'drop table {n}')",
        "def f(c, n):\n    limit = f'limit {n}'\n    c.execute(f'select 1 {limit}')",
    ],
)
def test_a_value_in_a_statement_is_found(source):
    assert list(put_in({"x.py": ast.parse(source)}))


@pytest.mark.parametrize(
    "source",
    [
        "T = 't'\ndef f(c):\n    c.execute(f'select * from {T}')",
        "def f(c, row):\n    c.execute(f'drop view {quoted(row.name)}')",
        "def f(c):\n    for t in ('a', 'b'):\n        g(c, t)\ndef g(c, table):\n    c.execute(f'drop table {table}')",
        "def f(c, n):\n    limit = 'limit :n' if n else ''\n    c.execute(f'select 1 {limit}', n)",
    ],
)
def test_our_own_words_are_let_through(source):
    assert list(put_in({"x.py": ast.parse(source)})) == []
