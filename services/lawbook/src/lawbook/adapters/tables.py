"""The tables of the lawbook. A row of law keeps its whole shape in `body`; what is searched by has a column."""

from servicekit.tables import document, instant, metadata_for, texts, word
from sqlalchemy import BigInteger, Boolean, Column, Date, Index, Integer, Table, Text
from sqlalchemy.orm import registry

from lawbook.domain.calendar_year import CalendarYear, YearState

metadata = metadata_for("lawbook")

datasets = Table(
    "datasets",
    metadata,
    Column("name", Text, primary_key=True),
    Column("digest", Text, nullable=False),
    Column("loaded_at", instant(), nullable=False),
)

instruments = Table(
    "instruments",
    metadata,
    Column("code", Text, primary_key=True),
    Column("title", Text, nullable=False),
    Column("rank", Text, nullable=False),
    Column("valid_from_on", Date, nullable=False),
    Column("valid_to_on", Date),
    Column("verified", Boolean, nullable=False),
)

articles = Table(
    "articles",
    metadata,
    Column("instrument", Text, primary_key=True),
    Column("article", Integer, primary_key=True),
    Column("sub", Integer, primary_key=True),
    Column("chapter", Text, nullable=False),
    Column("paragraphs", texts(), nullable=False),
)

check_items = Table(
    "check_items",
    metadata,
    Column("id", Text, primary_key=True),
    Column("valid_from_on", Date, primary_key=True),
    Column("valid_to_on", Date),
    Column("category", Text, nullable=False),
    Column("applies_to", texts(), nullable=False),
    Column("region_code", Text, nullable=False),
    Column("words", Text, nullable=False),
    Column("body", document(), nullable=False),
    Index("ix_check_items_category", "category", "id"),
)

acts = Table(
    "acts",
    metadata,
    Column("id", Text, primary_key=True),
    Column("valid_from_on", Date, primary_key=True),
    Column("valid_to_on", Date),
    Column("body", document(), nullable=False),
)

scales = Table(
    "scales",
    metadata,
    Column("id", Text, primary_key=True),
    Column("act_id", Text, nullable=False),
    Column("branch", Text, nullable=False),
    Column("valid_from_on", Date, nullable=False),
    Column("valid_to_on", Date),
    Column("body", document(), nullable=False),
    Index("ix_scales_branch", "act_id", "branch"),
)

thresholds = Table(
    "thresholds",
    metadata,
    Column("region_code", Text, primary_key=True),
    Column("valid_from_on", Date, primary_key=True),
    Column("body", document(), nullable=False),
)

parameters = Table(
    "parameters",
    metadata,
    Column("version", BigInteger, primary_key=True, autoincrement=False),
    Column("overrides", document(), nullable=False),
    Column("source", Text, nullable=False),
    Column("published_at", instant(), nullable=False),
)

calendar_years = Table(
    "calendar_years",
    metadata,
    Column("year", BigInteger, primary_key=True, autoincrement=False),
    Column("state", word(YearState), nullable=False),
    Column("notices", document(), nullable=False),
    Column("parameters_version", BigInteger, nullable=False),
    Column("changed_days", texts(), nullable=False),
    Column("version", BigInteger, nullable=False),
)

registry(metadata=metadata).map_imperatively(CalendarYear, calendar_years, version_id_col=calendar_years.c.version)
