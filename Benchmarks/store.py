"""What has been measured, in a JSON file that is written after every row.

Not run by itself.
"""

import json
import os


class Store:
    """Sections by name: {"taken": machine and date, "complete": whether all rows are of one run, "rows": ...}."""

    def __init__(self, path):
        self.path = path
        try:
            self.sections = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
        except (OSError, ValueError) as error:
            raise SystemExit(f"{path}: {error}; mend it, or remove it and measure everything again")

    def save(self):
        temporary = self.path.with_suffix(".json.new")
        temporary.write_text(json.dumps(self.sections, indent=1) + "\n", encoding="utf-8")
        os.replace(temporary, self.path)

    def measure(self, name, taken, rows):
        """Replaces a section's rows, of which `rows` yields key and row, one after the other.

        Rows of an earlier run stay until all new ones are there.
        """
        before = self.sections.get(name, {}).get("rows", {})
        new = {}
        for key, row in rows:
            new[key] = row
            self.sections[name] = {"taken": taken, "complete": False, "rows": before | new}
            self.save()
        if new:
            self.sections[name] = {"taken": taken, "complete": True, "rows": new}
        else:
            self.sections.pop(name, None)
        self.save()
