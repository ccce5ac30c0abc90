"""
Print how big things are: `just shape`.
"""

import statistics

from tests.shape import measure, tree


def main() -> None:
    """Print the figures of style, and the modules without a test file of their name."""
    every = tree.modules()
    lines = [module.lines for module in every]
    sizes = sorted(
        ((node.end_lineno or 0) - node.lineno + 1, module.subject(name))
        for module in every
        for name, node in measure.functions(module.tree)
    )
    lengths = [size for size, _ in sizes]
    suppressed = sum(measure.suppression_count(module) for module in every)
    print(f"files      {len(every)}, {sum(lines)} lines, median {statistics.median(lines):.0f}")
    print(f"functions  {len(lengths)}, median {statistics.median(lengths):.0f} lines")
    for size, subject in sizes[:-4:-1]:
        print(f"           {size:3} {subject}")
    print(f"told to look away {suppressed} times")
    missing = tree.without_a_test(every)
    print(f"without a test file of their name: {len(missing)}")
    for path in missing:
        print(f"           {path}")


if __name__ == "__main__":
    main()
