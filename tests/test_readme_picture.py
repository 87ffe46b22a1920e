"""The first picture of each README is what the terminal shows: it must be there where images are not."""

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from places import ROOT

PICTURE = re.compile(r"<!-- picture -->\n```text\n\$ cscli (.*?)\n(.*?)```", re.DOTALL)
WIDTH = "100"


@pytest.mark.whole
@pytest.mark.parametrize("readme", ["README.md", "README.ja.md"])
def test_the_picture_is_what_the_command_prints(readme: str, tmp_path: Path) -> None:
    found = PICTURE.search((ROOT / readme).read_text(encoding="utf-8"))
    assert found
    arguments = [
        str(ROOT / part) if part.startswith("sample_data/") else part for part in shlex.split(found[1])
    ]
    environment = {**os.environ, "COLUMNS": WIDTH, "PYTHONUTF8": "1"}
    done = subprocess.run(
        [sys.executable, "-m", "cscli", *arguments],
        cwd=tmp_path, env=environment, capture_output=True, encoding="utf-8", check=True,
    )  # fmt: skip
    printed = [line.rstrip() for line in done.stdout.splitlines()]
    assert [line.replace("\\", "/") for line in printed] == found[2].splitlines()
