"""List files over 250 lines and functions over 40: a report to read, not a gate."""

import ast
from pathlib import Path

ROOT = Path(__file__).parent.parent
FILE_LINES, FUNCTION_LINES = 250, 40


def main() -> None:
    for file in sorted((ROOT / "src").rglob("*.py")):
        text = file.read_text("utf-8")
        if (count := text.count("\n")) > FILE_LINES:
            print(f"{count:5} {file.relative_to(ROOT)}")
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.FunctionDef):
                length = (node.end_lineno or node.lineno) - node.lineno + 1
                if length > FUNCTION_LINES:
                    print(f"{length:5} {file.relative_to(ROOT)}:{node.lineno} {node.name}")


if __name__ == "__main__":
    main()
