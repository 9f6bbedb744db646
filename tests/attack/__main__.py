"""`make aanval`: a hostile run that can be repeated. It exits with 1 when anything is wrong."""

import argparse
import sys

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

from tests.attack.run import P99_MS_MAX, Found, Size, attack

FULL = Size(requests=17_920, files=2_400, seconds=30.0)


def main() -> int:
    """Runs the attack named on the command line."""
    parser = argparse.ArgumentParser(prog="make aanval", description=__doc__)
    parser.add_argument("zaad", nargs="?", type=int, default=1, help="bepaalt al het toeval")
    seed = parser.parse_args().zaad
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    with Progress(*columns, console=Console(stderr=True)) as progress:
        task = progress.add_task("start", total=1)
        found = attack(
            FULL, seed, lambda what, done, of: progress.update(task, description=what, completed=done, total=of)
        )
    wrong = list(found.wrong())
    print(report(found))
    for one in found.slow() if found.noisy else ():
        print(f"LET OP {one}; de machine was te druk om dit te meten, probeer het in rust")
    for one in wrong[:40]:
        print(f"FOUT {one}")
    if wrong:
        print(f"{len(wrong)} fout(en); nog eens: make aanval ZAAD={seed}")
    return 1 if wrong else 0


def report(found: Found) -> str:
    """Returns what was found, in lines."""
    kinds = ", ".join(f"{kind} {count}" for kind, count in found.inputs.most_common())
    statuses = ", ".join(f"{status} {count}" for status, count in sorted(found.statuses.items()))
    lines = [
        f"invoer: {sum(found.inputs.values())} ({kinds})",
        f"antwoorden: {statuses} (0: verbinding gesloten zonder antwoord)",
        f"fouten van het systeem: {len(found.faults)}",
        f"antwoordtijd in ms, hoogstens {P99_MS_MAX:.0f} bij p99; de machine was {found.load:.1f} belast:",
    ]
    for path, crowded in found.crowded.items():
        quiet = found.quiet[path]
        lines.append(
            f"   {path}: p50 {crowded.p50:.0f}, p99 {crowded.p99:.0f}, langste {crowded.longest:.0f} "
            f"({crowded.count} keer); in rust p50 {quiet.p50:.0f}, p99 {quiet.p99:.0f}"
        )
    crowd = ", ".join(f"{status}: {count}" for status, count in sorted(found.crowd.items()))
    return "\n".join(
        [
            *lines,
            f"   de gulzige kreeg intussen {crowd}",
            f"geheugen in MB: vooraf {found.before:.0f}, hoogste {found.peak:.0f}, na afloop {found.after:.0f} "
            f"(hoogstens {found.memory_max:.0f})",
        ]
    )


if __name__ == "__main__":
    sys.exit(main())
