"""How long history is kept, and what the next clean-up would remove."""

from fastapi import APIRouter, Depends
from pydantic import BaseModel, Field

from collectors.expiry import expired
from collectors.timelines.times import rfc3339
from controlplane.http.asking import observed_of
from controlplane.http.auth import requires
from controlplane.http.wiring import State
from controlplane.retention import nanoseconds

router = APIRouter(prefix="/api/v1", tags=["collectors"], dependencies=[Depends(requires("traces:read"))])


class RemovedOut(BaseModel):
    """What a clean-up removed or would remove; spans are counted as they are stored."""

    instances: int
    spans: int


class RetentionOut(BaseModel):
    """How long history is kept after an instance has ended; all is kept where ``days`` is null."""

    days: int | None
    ended_before: str | None = Field(description="What ended before this is over.")
    over: RemovedOut | None = Field(description="What would be removed now.")
    last_run_at: str | None = Field(description="On this server, since it started.")
    last_removed: RemovedOut | None


@router.get("/retention", summary="How long history is kept, and what is over")
def read_retention(state: State) -> RetentionOut:
    """Counting what is over reads the weeks before that time, so ask now and then."""
    retention, before = state.retention, state.retention.before()
    over = None if before is None else expired(observed_of(state).store, nanoseconds(before))
    return RetentionOut(
        days=state.settings.retention_days,
        ended_before=None if before is None else rfc3339(nanoseconds(before)),
        over=None if over is None else RemovedOut(instances=over.instances, spans=over.spans),
        last_run_at=None if retention.last is None else rfc3339(nanoseconds(retention.last[0])),
        last_removed=None
        if retention.last is None
        else RemovedOut(instances=retention.last[1].instances, spans=retention.last[1].spans),
    )
