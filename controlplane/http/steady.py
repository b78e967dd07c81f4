"""One request, one reading of each workflow."""

from starlette.types import ASGIApp, Receive, Scope, Send

from collectors.workflows.held import holding


class Steady:
    """Answers all of a request, also what is still being sent, by the readings that its first question was answered by."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request."""
        with holding():
            await self.app(scope, receive, send)
