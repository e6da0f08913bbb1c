"""The figures of several workers as one page for Prometheus, each sample with the number of its worker."""

from __future__ import annotations

from collections.abc import Mapping


def merge(texts: Mapping[int, str]) -> str:
    """`texts`: what each would tell alone. A family's samples stand together, as the format asks."""
    families: dict[str, list[str]] = {}
    for worker, text in sorted(texts.items()):
        samples: list[str] = []
        is_new = False
        for line in text.splitlines():
            if line.startswith("# HELP "):
                name = line.split(" ", 3)[2]
                is_new = name not in families
                samples = families.setdefault(name, [])
            if not line.startswith("#"):
                samples.append(_labelled(line, worker))
            elif is_new:
                samples.append(line)
    return "\n".join(line for samples in families.values() for line in samples) + "\n"


def _labelled(sample: str, worker: int) -> str:
    name, _, rest = sample.partition(" ")
    if "{" in name:
        name, _, rest = sample.partition("{")
        return f'{name}{{worker="{worker}",{rest}'
    return f'{name}{{worker="{worker}"}} {rest}'
