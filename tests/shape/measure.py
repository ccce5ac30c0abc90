"""
How big a piece of code is, and what it may not contain. Pure: text in, complaints out.
"""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import PurePosixPath

FILE_LINES = 400
VENDOR_LINES = 200
COMMAND_LINES = 80
CLASS_LINES = 250
FUNCTION_LINES = 50
PARAMETERS = 6
BRANCHES = 10
DEPTH = 3
SUPPRESSIONS_PER_1000_LINES = 2

#: Words that say nothing about what a thing does.
EMPTY_WORDS = frozenset({"util", "service", "manager", "helper", "factory", "handler"})
#: The one place that knows the YAML library.
YAML_HOME = "yamlfiles"
YAML_LIBRARY = re.compile(r"(?P<name>ruamel|yaml|msgspec\.yaml)(\.|$)")

Function = ast.FunctionDef | ast.AsyncFunctionDef
Definition = Function | ast.ClassDef


@dataclass(frozen=True)
class Complaint:
    """One thing out of shape. `subject` is what an exception names: `register/page.py::Page`."""

    subject: str
    rule: str
    detail: str

    def __str__(self):
        return f"{self.subject}: {self.detail} [{self.rule}]"


@dataclass(frozen=True)
class Module:
    """A source file. Its path is relative to src/klarsyn, written with slashes."""

    path: str
    text: str

    @cached_property
    def tree(self) -> ast.Module:
        """Return what Python makes of the text."""
        return ast.parse(self.text)

    @cached_property
    def lines(self) -> int:
        """Return how many lines the file has."""
        return len(self.text.splitlines())

    def subject(self, name: str = "") -> str:
        """Return what complaints and exceptions call this module, or a name in it."""
        return f"{self.path}::{name}" if name else self.path


def complaints(module: Module) -> list[Complaint]:
    """Return all that is wrong with one module."""
    return [complaint for check in CHECKS for complaint in check(module)]


# Size


def file_size(module: Module) -> Iterator[Complaint]:
    """A file has at most 400 lines, a fact sheet 200 of facts, a command 80 of code."""
    folder = PurePosixPath(module.path).parts[0]
    lines, limit = module.lines, FILE_LINES
    if folder == "vendors" and is_sheet(module):
        lines, limit = fact_lines(module), VENDOR_LINES
    if folder == "cli":
        lines, limit = code_lines(module), COMMAND_LINES
    if lines > limit:
        yield Complaint(module.subject(), "file", f"{lines} lines, at most {limit}")


def definition_size(module: Module) -> Iterator[Complaint]:
    """A function has at most 50 lines, a class 250."""
    for name, node in definitions(module.tree):
        rule, limit = (
            ("class", CLASS_LINES)
            if isinstance(node, ast.ClassDef)
            else ("function", FUNCTION_LINES)
        )
        lines = (node.end_lineno or node.lineno) - node.lineno + 1
        if lines > limit:
            yield Complaint(module.subject(name), rule, f"{lines} lines, at most {limit}")


def parameters(module: Module) -> Iterator[Complaint]:
    """A function takes at most six parameters beside self."""
    for name, node in functions(module.tree):
        given = node.args
        every = [*given.posonlyargs, *given.args, *given.kwonlyargs]
        count = len([arg for arg in every if arg.arg not in {"self", "cls"}])
        if count > PARAMETERS:
            detail = f"{count} parameters, at most {PARAMETERS}"
            yield Complaint(module.subject(name), "parameters", detail)


def branches(module: Module) -> Iterator[Complaint]:
    """A function has at most ten places where a reader must choose."""
    for name, node in functions(module.tree):
        count = sum(branches_of(part) for part in own_nodes(node))
        if count > BRANCHES:
            detail = f"{count} branches, at most {BRANCHES}"
            yield Complaint(module.subject(name), "branches", detail)


def depth(module: Module) -> Iterator[Complaint]:
    """A path has at most three steps."""
    steps = len(PurePosixPath(module.path).parts)
    if steps > DEPTH:
        yield Complaint(module.subject(), "depth", f"{steps} folders deep, at most {DEPTH}")


# Words


def names(module: Module) -> Iterator[Complaint]:
    """A name says something."""
    for part in PurePosixPath(module.path).with_suffix("").parts:
        if empty := empty_words(part):
            yield Complaint(module.subject(), "name", f"{part} says nothing: {empty}")
    for name, _ in definitions(module.tree):
        last = name.rsplit(".", maxsplit=1)[-1]
        if empty := empty_words(last):
            yield Complaint(module.subject(name), "name", f"{last} says nothing: {empty}")


def docstrings(module: Module) -> Iterator[Complaint]:
    """A module and all that is public in it have docstrings."""
    if module.text.strip() and not ast.get_docstring(module.tree):
        yield Complaint(module.subject(), "docstring", "the module has no docstring")
    for name, node in definitions(module.tree):
        public = not any(part.startswith(("_", "<")) for part in name.split("."))
        if public and not ast.get_docstring(node) and not is_overload(node):
            yield Complaint(module.subject(name), "docstring", f"{name} has no docstring")


# What may not be there


def suppressions(module: Module) -> Iterator[Complaint]:
    """A checker is told which rule to overlook, never all."""
    for number, line in enumerate(module.text.splitlines(), 1):
        for found in SUPPRESSION.finditer(line):
            if not found["code"]:
                detail = f"line {number}: {found['what']} names no code"
                yield Complaint(module.subject(), "suppression", detail)


def prints(module: Module) -> Iterator[Complaint]:
    """Nothing is printed behind the back of the console."""
    for node in ast.walk(module.tree):
        if (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Name)
            and node.func.id == "print"
        ):
            detail = f"line {node.lineno}: print; say it through the console of cli"
            yield Complaint(module.subject(), "print", detail)


def yaml_imports(module: Module) -> Iterator[Complaint]:
    """One package knows the YAML library, and it is ruamel."""
    at_home = PurePosixPath(module.path).with_suffix("").parts[0] == YAML_HOME
    for node in ast.walk(module.tree):
        for name in imported(node):
            library = YAML_LIBRARY.match(name)
            if library and not (at_home and library["name"] == "ruamel"):
                detail = f"imports {name}; read YAML through {YAML_HOME}"
                yield Complaint(module.subject(), "yaml", detail)


CHECKS = (
    file_size,
    definition_size,
    parameters,
    branches,
    depth,
    names,
    docstrings,
    suppressions,
    prints,
    yaml_imports,
)

# What the checks are made of

SUPPRESSION = re.compile(
    r"#\s*(?P<what>noqa|type:\s*ignore|pragma:\s*no cover|ruff:\s*noqa|pylint:\s*disable)"
    r"(?P<code>\[[\w-]+|:\s*[A-Z]+\d+)?",
)


def suppression_count(module: Module) -> int:
    """Return how often a checker was told to look away."""
    return len(SUPPRESSION.findall(module.text))


def empty_words(name: str) -> str:
    """Return the words of a name, in any spelling, that say nothing."""
    spaced = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name).lower()
    words = {word for part in spaced.split("_") for word in (part, part.removesuffix("s"))}
    plural = {"factories": "factory", "utility": "util", "utilities": "util"}
    return ", ".join(sorted({plural.get(word, word) for word in words} & EMPTY_WORDS))


def definitions(tree: ast.AST, within: str = "") -> Iterator[tuple[str, Definition]]:
    """Return functions and classes with their names as Python qualifies them."""
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, Definition):
            name = f"{within}{node.name}"
            yield name, node
            inside = "." if isinstance(node, ast.ClassDef) else ".<locals>."
            yield from definitions(node, f"{name}{inside}")
        else:
            yield from definitions(node, within)


def functions(tree: ast.AST) -> Iterator[tuple[str, Function]]:
    """Return every function, methods and those inside functions too."""
    for name, node in definitions(tree):
        if not isinstance(node, ast.ClassDef):
            yield name, node


def own_nodes(function: Function) -> Iterator[ast.AST]:
    """Return a function's nodes without those of functions and classes inside it."""
    waiting = list(ast.iter_child_nodes(function))
    while waiting:
        node = waiting.pop()
        yield node
        if not isinstance(node, Definition):
            waiting.extend(ast.iter_child_nodes(node))


def branches_of(node: ast.AST) -> int:
    """Return 1 for what makes a reader choose, and for a comprehension its conditions."""
    if isinstance(node, ast.comprehension):
        return len(node.ifs)
    choices = ast.If | ast.For | ast.AsyncFor | ast.While | ast.ExceptHandler
    return int(isinstance(node, choices | ast.IfExp | ast.match_case))


def code_lines(module: Module) -> int:
    """Return the lines that hold code: no blank lines, comments or docstrings."""
    silent: set[int] = set()
    holders = [module.tree, *(node for _, node in definitions(module.tree))]
    for holder in holders:
        first = holder.body[0] if holder.body else None
        if isinstance(first, ast.Expr) and ast.get_docstring(holder) is not None:
            silent.update(range(first.lineno, (first.end_lineno or first.lineno) + 1))
    return len(
        [
            number
            for number, line in enumerate(module.text.splitlines(), 1)
            if number not in silent and line.strip() and not line.strip().startswith("#")
        ]
    )


def is_sheet(module: Module) -> bool:
    """Return whether a module makes a vendor: it is a fact sheet."""
    made = [node.value for node in module.tree.body if isinstance(node, ast.Assign)]
    return any(isinstance(one, ast.Call) and ast.unparse(one.func) == "Vendor" for one in made)


def fact_lines(module: Module) -> int:
    """Return the lines of a fact sheet without its imports, docstrings and blank lines."""
    imports = [node for node in module.tree.body if isinstance(node, ast.Import | ast.ImportFrom)]
    return code_lines(module) - sum((node.end_lineno or 0) - node.lineno + 1 for node in imports)


def is_overload(node: Definition) -> bool:
    """Return whether the definition only spells a signature of the one that follows."""
    return any(ast.unparse(mark).endswith("overload") for mark in node.decorator_list)


def imported(node: ast.AST) -> list[str]:
    """Return what a node imports, with full names."""
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    if isinstance(node, ast.ImportFrom) and node.module and not node.level:
        return [f"{node.module}.{alias.name}" for alias in node.names]
    return []
