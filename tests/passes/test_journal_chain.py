"""Whatever people wish, the store's journal replays to the case it keeps, and its hash chain holds."""

from datetime import timedelta
from uuid import UUID

from hypothesis import given, settings
from hypothesis import strategies as st

from daemon.adapters.store import open_store
from daemon.core.evolve import replay
from daemon.passes.desk import carry_out
from daemon.seams import Decision
from tests.core.play import Play, registering
from tests.core.test_decide import WISHES


@settings(max_examples=12, deadline=None)
@given(st.sampled_from(("一般", "重大")), WISHES)
def test_the_chain_holds_and_the_journal_gives_the_case(severity, wishes):
    store = open_store("sqlite://")
    try:
        play, case = Play(), None
        for command, by, minutes in ((registering(severity), "", 0), *wishes):
            play.now += timedelta(minutes=minutes)
            outcome = carry_out(case, [command], play.context(by))
            if outcome.events:
                before = case.seq if case else 0
                store.commit(Decision(case=outcome.case, expected_seq=before, events=outcome.events), play.now)
                case = outcome.case
        assert store.case(UUID(int=1)) == case
        assert replay(store.events(UUID(int=1))) == case
        assert store.broken_chain(UUID(int=1)) is None
    finally:
        store.close()
