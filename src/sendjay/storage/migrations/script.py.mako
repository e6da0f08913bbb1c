"""${message}"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
${imports if imports else ""}
revision = ${repr(up_revision)}
down_revision = ${repr(down_revision)}
branch_labels = None
depends_on = None
works_with = ${repr(up_revision)}  # the oldest version that can work over this; earlier where it only adds


def upgrade() -> None:
    ${upgrades if upgrades else "pass"}
