"""Steps of the journey on the terminal: a bar while one runs, a line with its time when it is done."""

import time
from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TaskID, TextColumn, TimeElapsedColumn


class Step:
    """The step under way."""

    def __init__(self, progress: Progress, task: TaskID) -> None:
        self._progress = progress
        self._task = task
        self.note = ""

    def advance(self, count: int = 1) -> None:
        self._progress.advance(self._task, count)

    def at(self, done: int, total: int | None = None) -> None:
        """Show that ``done`` of ``total`` is done."""
        if total is None:
            self._progress.update(self._task, completed=done)
        else:
            self._progress.update(self._task, completed=done, total=total)


class Steps:
    """Shows steps and keeps how long each took, in seconds."""

    def __init__(self, console: Console) -> None:
        self.console = console
        self.seconds: dict[str, float] = {}

    @contextmanager
    def step(self, name: str, title: str, total: int | None = None) -> Iterator[Step]:
        """Run one step; ``name`` is its key in the summary, ``title`` what the user reads."""
        columns = (
            SpinnerColumn(),
            TextColumn("{task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            TimeElapsedColumn(),
        )
        started = time.monotonic()
        with Progress(*columns, console=self.console, transient=True, disable=not self.console.is_terminal) as progress:
            step = Step(progress, progress.add_task(title, total=total))
            yield step
        took = time.monotonic() - started
        self.seconds[name] = round(took, 2)
        self.console.print(f"[green]✓[/] {title} [dim]{took:.1f} с[/]" + (f"  {step.note}" if step.note else ""))
