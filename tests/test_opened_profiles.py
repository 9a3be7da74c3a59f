"""The profiles by which steps open cases of their own are loaded with the process, and a wrong name is told."""

import pytest

from daemon.config import load_config
from daemon.core.process import BadProfile, load_process
from daemon.wiring import opened_profiles, process_text
from tests.cast import CONFIG
from tests.scenarios.test_subcases import OWN, SUB_PROFILE


def configured(folder):
    (folder / "own.toml").write_text(OWN, encoding="utf-8")
    text = CONFIG.read_text(encoding="utf-8").replace('process = "8d"', 'process = "own.toml"')
    (folder / "config.toml").write_text(text, encoding="utf-8")
    config = load_config(folder / "config.toml")
    return config, (load_process(*process_text(config)),)


def test_a_profile_that_is_not_there_is_told_with_the_line_that_names_it(tmp_path):
    config, processes = configured(tmp_path)
    line = 1 + OWN.splitlines().index(next(one for one in OWN.splitlines() if "supplier.toml" in one))
    with pytest.raises(BadProfile, match=rf"own.toml:{line}: a step opens cases by the profile 'supplier.toml'"):
        opened_profiles(config, processes)


def test_profiles_are_found_by_the_names_that_steps_give_them(tmp_path):
    (tmp_path / "supplier.toml").write_text(SUB_PROFILE, encoding="utf-8")
    config, processes = configured(tmp_path)
    assert list(opened_profiles(config, processes)) == ["supplier.toml"]
