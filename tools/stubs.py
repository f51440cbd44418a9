"""Type stubs of the rooms, for editors and type checkers. In a notebook a class is written in small cells, its methods one by one,
and a checker does not see a method that is put into a class afterwards; a stub has them where they belong."""
import ast
from pathlib import Path

KEPT = ('property', 'classmethod', 'staticmethod', 'dataclass', 'dataclasses.dataclass', 'contextlib.contextmanager', 'contextmanager')
SHOWN = ('str', 'int', 'float', 'bool', 'dict', 'list', 'tuple')

def later_methods(tree: ast.Module) -> dict[str, list[tuple[str, str, str]]]:
    "What a module puts into its classes afterwards: class -> (name, function, decorator)."
    found = {}
    for node in tree.body:
        if not isinstance(node, ast.Assign): continue
        for target in node.targets:
            pairs = zip(target.elts, node.value.elts) if isinstance(target, ast.Tuple) and isinstance(node.value, ast.Tuple) else [(target, node.value)]
            for to, value in pairs:
                if not (isinstance(to, ast.Attribute) and isinstance(to.value, ast.Name)): continue
                wrapped = isinstance(value, ast.Call) and isinstance(value.func, ast.Name) and len(value.args) == 1
                name, around = (value.args[0], value.func.id) if wrapped else (value, '')
                if isinstance(name, ast.Name): found.setdefault(to.value.id, []).append((to.attr, name.id, around))
    return found

def signature(f: ast.FunctionDef, name: str = '', decorator: str = '', method: bool = False) -> ast.FunctionDef:
    "A function without what it does."
    for arg in f.args.args[:1] if method else (): arg.annotation = None
    f.args.defaults = [ast.Constant(...) for _ in f.args.defaults]
    f.args.kw_defaults = [d and ast.Constant(...) for d in f.args.kw_defaults]
    managed = f.returns is not None and 'ContextManager' in ast.unparse(f.returns)    # says what it is after decorating
    kept = [d for d in f.decorator_list if (s := ast.unparse(d).partition('(')[0]) in KEPT and not (managed and 'contextmanager' in s)]
    f.decorator_list, f.name, f.body = [ast.Name(decorator)]*bool(decorator) + kept, name or f.name, [ast.Expr(ast.Constant(...))]
    return f

def variable(name: str, value: ast.expr) -> ast.stmt:
    "A constant as its type."
    kind = type(value.value).__name__ if isinstance(value, ast.Constant) else {ast.Dict: 'dict', ast.List: 'list', ast.Tuple: 'tuple', ast.JoinedStr: 'str'}.get(type(value), 'Any')
    return ast.parse(f'{name}: {kind if kind in SHOWN else "Any"}').body[0]

def attributes(f: ast.FunctionDef, taken: set[str]) -> list[ast.stmt]:
    "What `__init__` puts into the object: as a parameter is annotated when it is one, and anything else."
    kinds, found = {a.arg: ast.unparse(a.annotation) for a in [*f.args.args, *f.args.kwonlyargs] if a.annotation}, {}
    for node in ast.walk(f):
        if not isinstance(node, ast.Assign): continue
        for target in node.targets:
            several = isinstance(target, ast.Tuple)
            values = node.value.elts if several and isinstance(node.value, ast.Tuple) else [node.value]*len(target.elts) if several else [node.value]
            for to, value in zip(target.elts if several else [target], values):
                if isinstance(to, ast.Attribute) and ast.unparse(to.value) == 'self' and not to.attr.startswith('_') and to.attr not in taken:
                    same = not several or isinstance(node.value, ast.Tuple)
                    found.setdefault(to.attr, kinds.get(value.id, 'Any') if same and isinstance(value, ast.Name) else 'Any')
    return [ast.parse(f'{name}: {kind}').body[0] for name, kind in found.items()]

def stub_class(c: ast.ClassDef, later: list[tuple[str, str, str]], functions: dict[str, ast.FunctionDef]) -> ast.ClassDef:
    "A class with all its methods."
    body, defined = [], {n.name for n in c.body if isinstance(n, ast.FunctionDef)}
    public = lambda name: not name.startswith('_') or name.startswith('__')
    for node in c.body:
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            if node.name == '__init__': body += attributes(node, defined | {name for name, *_ in later} | {n.target.id for n in c.body if isinstance(n, ast.AnnAssign)})
            if public(node.name): body.append(signature(node, method=True))
        elif isinstance(node, ast.AnnAssign): node.value = node.value and ast.Constant(...); body.append(node)
        elif isinstance(node, ast.Assign) and isinstance(node.value, ast.Name) and node.value.id in defined: body.append(node)   # `__repr__ = __str__`
        elif isinstance(node, ast.Assign): body += [variable(t.id, node.value) for t in node.targets if isinstance(t, ast.Name)]
    for name, function, around in later:
        if not public(name): continue
        if function in functions: body.append(signature(ast.parse(ast.unparse(functions[function])).body[0], name, around, method=True))
        else: body.append(variable(name, ast.Name('Any')))
    c.decorator_list = [d for d in c.decorator_list if ast.unparse(d).partition('(')[0] in KEPT]
    c.body = body or [ast.Expr(ast.Constant(...))]
    return c

class _Words(ast.NodeTransformer):
    "A choice of words is a word."
    def visit_Subscript(self, node): return ast.Name('str') if ast.unparse(node.value) == 'Literal' else self.generic_visit(node)

def sections(tree: ast.Module) -> list[ast.ClassDef]:
    "The sections of the settings, which are made when they are first asked for, with their keys."
    found = [c for c in ast.walk(tree) if isinstance(c, ast.ClassDef) and [ast.unparse(b) for b in c.bases] == ['Model']]
    keys = lambda c: [ast.AnnAssign(n.target, _Words().visit(n.annotation), None, 1) for n in c.body if isinstance(n, ast.AnnAssign)]
    return [ast.ClassDef(f'_{c.name}', [], [], keys(c), []) for c in found]

def named(statement: ast.ImportFrom, module: Path, own: set[str]) -> ast.stmt | None:
    "`from .data import *` with its names, but for those that the module defines anew."
    if statement.names[0].name != '*': return statement
    there = ast.parse((module.parent/f'{statement.module}.py').read_text(encoding='utf-8'))
    all_ = next(ast.literal_eval(n.value) for n in there.body if isinstance(n, ast.Assign) and ast.unparse(n.targets[0]) == '__all__')
    return ast.ImportFrom(statement.module, [ast.alias(n, n) for n in all_ if n not in own], statement.level)

def stub(
    module: Path,  # a module that nbdev made
) -> str:          # its stub
    "Classes with all their methods, public functions and constants, with their types and nothing else."
    tree = ast.parse(module.read_text(encoding='utf-8'))
    later, functions, body = later_methods(tree), {n.name: n for n in tree.body if isinstance(n, ast.FunctionDef)}, []
    own = {n.name for n in tree.body if isinstance(n, (ast.FunctionDef, ast.ClassDef))}
    for node in tree.body:
        if isinstance(node, ast.If) and ast.unparse(node.test) == 'TYPE_CHECKING': body += node.body
        elif isinstance(node, ast.ImportFrom) and node.module == '__future__': pass
        elif isinstance(node, ast.ImportFrom): body.append(named(node, module, own))
        elif isinstance(node, ast.Import): body.append(node)
        elif isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)) and not node.name.startswith('_'): body.append(signature(ast.parse(ast.unparse(node)).body[0]))
        elif isinstance(node, ast.ClassDef):
            if node.name == 'Settings':
                body += (parts := sections(tree))
                node.body = [n for n in node.body if getattr(n, 'name', '') != '__getattr__'] + [ast.parse(f'{c.name[1:].lower()}: {c.name}').body[0] for c in parts]
            body.append(stub_class(node, later.get(node.name, []), functions))
        elif isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == '__all__': body.append(node)
        elif isinstance(node, ast.Assign):
            several = isinstance(node.targets[0], ast.Tuple) and isinstance(node.value, ast.Tuple)
            for to, value in zip(node.targets[0].elts, node.value.elts) if several else [(node.targets[0], node.value)]:
                if isinstance(to, ast.Name) and not to.id.startswith('_'): body.append(variable(to.id, value))
    tree.body = body
    return '# Made from the module by `make export`.\nfrom typing import Any\n' + ast.unparse(ast.fix_missing_locations(tree)) + '\n'
