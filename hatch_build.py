"""What a wheel holds beside the kit's own folders."""

from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class SampleClass(BuildHookInterface):
    """The sample class, for the demo of an installed kit; in a clone it stays where it is."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        if version == "standard":
            for notebook in Path(self.root).glob("tests/submissions/*/*.ipynb"):
                target = f"autograder/sample_class/{notebook.parent.name}/{notebook.name}"
                build_data["force_include"][str(notebook)] = target
