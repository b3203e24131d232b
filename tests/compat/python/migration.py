"""The guide's page on migration, as data."""

import json
import re
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent.parent
PAGE = (ROOT / "docs/src/migration.md").read_text()
DOCUMENT = json.loads((ROOT / "openapi/verify_v2.json").read_text())


@dataclass
class Operation:
    id: str
    method: str
    path: str
    calls: dict[str, str]


def operations():
    sections = re.findall(
        r"^### (\w+)\n\n`(\w+) (\S+)`\n\n((?:\|.*\n)+)", PAGE, re.MULTILINE
    )
    return [
        Operation(id, method, path, dict(re.findall(r"^\| ([\w-]+) \| `(.*)` \|$", rows, re.M)))
        for id, method, path, rows in sections
    ]


def ids_of_the_document():
    return {
        operation["operationId"]
        for item in DOCUMENT["paths"].values()
        for operation in item.values()
        if isinstance(operation, dict) and "operationId" in operation
    }
