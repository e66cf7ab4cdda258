import asyncio

import uvloop


async def test_tests_run_on_the_loop_that_the_services_run_on() -> None:
    assert isinstance(asyncio.get_running_loop(), uvloop.Loop)
