from collections.abc import Iterator

import pytest

from tests.desk import Office, office


@pytest.fixture
def desk(tmp_path) -> Iterator[Office]:
    with office(tmp_path) as opened:
        yield opened
