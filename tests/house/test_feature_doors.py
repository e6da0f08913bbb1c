"""The contract that keeps features apart holds for any feature, also one that does not exist yet."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

SCRIPTS = Path(__file__).parents[2] / "scripts"
CONTRACT = """
[importlinter]
root_package = house
contract_types =
    doors: house_contracts.FeatureDoors

[importlinter:contract:doors]
name = A feature uses another only through its service
type = doors
house = house
not_features =
    app
    storage
"""


def lint(house: Path, rooms_import: str) -> subprocess.CompletedProcess[str]:
    files = {
        "__init__.py": "",
        "app.py": "from house.rooms import store",
        "storage/__init__.py": "",
        "storage/tables.py": "",
        "accounts/__init__.py": "",
        "accounts/service.py": "from house.accounts import store",
        "accounts/store.py": "from house.storage import tables",
        "rooms/__init__.py": "",
        "rooms/store.py": rooms_import,
    }
    for name, text in files.items():
        path = house / "house" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    (house / ".importlinter").write_text(CONTRACT)
    linter = Path(sys.executable).with_name("lint-imports")
    return subprocess.run(
        [linter, "--no-cache"],
        cwd=house,
        env={"PYTHONPATH": f"{house}:{SCRIPTS}"},
        capture_output=True,
        text=True,
        check=False,
    )


def test_a_feature_may_enter_another_by_its_service(tmp_path: Path) -> None:
    result = lint(tmp_path, "from house.accounts import service")
    assert result.returncode == 0, result.stdout


def test_a_feature_may_not_pass_anothers_service_by(tmp_path: Path) -> None:
    result = lint(tmp_path, "from house.accounts import store")
    assert result.returncode == 1
    assert "house.rooms.store imports house.accounts.store" in result.stdout
