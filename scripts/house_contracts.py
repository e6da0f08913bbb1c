"""The project's own import-linter contract: a feature is entered through its `service`, never past it."""

from typing import Any

from grimp import ImportGraph
from importlinter import Contract, ContractCheck, fields, output


class FeatureDoors(Contract):
    """Holds for every package beside the named ones, so a new feature is covered from its first file."""

    house = fields.StringField()
    not_features = fields.SetField(subfield=fields.StringField())

    def check(self, graph: ImportGraph, verbose: bool) -> ContractCheck:
        prefix = f"{self.house}."
        features = graph.find_children(str(self.house)) - {prefix + name for name in self.not_features}  # type: ignore[operator]
        breaches = sorted(
            (importer, imported)
            for feature in features
            for importer in graph.find_descendants(feature) | {feature}
            for imported in graph.find_modules_directly_imported_by(importer)
            if self._passes_a_door(imported, features - {feature})
        )
        return ContractCheck(kept=not breaches, metadata={"breaches": breaches})

    @staticmethod
    def _passes_a_door(imported: str, others: set[str]) -> bool:
        return any(
            imported.startswith(f"{other}.") and imported.split(".")[2] != "service" for other in others
        )

    def render_broken_contract(self, check: ContractCheck) -> None:
        breaches: list[Any] = check.metadata["breaches"]
        for importer, imported in breaches:
            output.print_error(f"{importer} imports {imported}: use that feature's service instead.")
