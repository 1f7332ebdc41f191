"""The reference says what the program says."""

import subprocess
import sys
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parents[2]


def test_the_reference_is_what_settings_commands_and_api_say_of_themselves() -> None:
    program = "import runpy; print(runpy.run_path('docs/make_reference.py')['reference'](), end='')"
    made = subprocess.run([sys.executable, "-c", program], cwd=CHECKOUT, capture_output=True, text=True, check=True)
    page = (CHECKOUT / "docs" / "reference.md").read_text(encoding="utf-8")
    assert page == made.stdout, "run: python docs/make_reference.py"
